// Land without borders as the ground of any map: under every layer, and again to the east and west.
const CanvasLand = CanvasLayer.extend({
  initialize(data) {
    CanvasLayer.prototype.initialize.call(this, createLandPainter(data), { padding: 0.5, pane: "tilePane" });
  },
});

L.canvasLand = (data) => new CanvasLand(data);
