// Land as two paths in world coordinates: areas to fill, and coasts to stroke. Land ends at 180
// degrees on both sides; there the fill reaches a little further and no coast is drawn, so that
// copies of the world join without a seam.
const HUNDREDTHS = 100;
const OVERLAP_DEGREES = 0.05;

function landPaths(rings) {
  const areas = new TracedPath();
  const coasts = new TracedPath();
  for (const steps of rings) {
    const points = unfold(steps);
    points.forEach(([lon, lat], i) => {
      const reach = Math.abs(lon) === 180 ? Math.sign(lon) * OVERLAP_DEGREES : 0;
      const [x, y] = [worldX(lon + reach), worldY(lat)];
      areas[i ? "lineTo" : "moveTo"](x, y);
    });
    areas.closePath();
    traceCoast(coasts, points);
  }
  return { areas, coasts };
}

function unfold(steps) {
  let [lon, lat] = [0, 0];
  const points = [];
  for (let i = 0; i < steps.length; i += 2) {
    lon += steps[i];
    lat += steps[i + 1];
    points.push([lon / HUNDREDTHS, lat / HUNDREDTHS]);
  }
  return points;
}

function traceCoast(path, points) {
  const onEdge = ([lon, lat]) => Math.abs(lon) === 180 || lat <= -89.9;
  const ring = [...points, points[0]];
  ring.forEach((point, i) => {
    const along = i === 0 || (onEdge(point) && onEdge(ring[i - 1]));
    path[along ? "moveTo" : "lineTo"](worldX(point[0]), worldY(point[1]));
  });
}

function createLandPainter(data) {
  const { areas, coasts } = landPaths(data.land);
  const lakes = landPaths(data.lakes);
  return (context, view) => {
    // The theme changes the style.
    const { sea, land, coast } = data.style;
    context.fillStyle = sea;
    context.fillRect(0, 0, view.size.x, view.size.y);
    eachCopy(context, view, (pixel) => {
      context.fillStyle = land;
      context.fill(areas, "evenodd");
      context.fillStyle = sea;
      context.fill(lakes.areas, "evenodd");
      context.strokeStyle = coast;
      context.lineWidth = 0.8 * pixel;
      context.stroke(coasts);
      context.stroke(lakes.coasts);
    });
  };
}
