
L.Icon.Default.imagePath = "";
L.Icon.Default.mergeOptions(MARKER_ICONS);
