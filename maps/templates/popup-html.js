window.$ = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  return holder.content.childNodes;
};
