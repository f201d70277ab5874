// Makes chosen photos smaller before they are sent (a phone's photo is 4 MB, the village line 400 kbit/s) and shows
// them. A photo the browser cannot read is sent as it is: the server says what is wrong with it.

export function start(field) {
  const input = field.querySelector("input[type=file]");
  const edge = Number(field.dataset.edge);
  const shown = document.createElement("ul");
  shown.className = "anh-nho";
  field.append(shown);

  input.addEventListener("change", async () => {
    const smaller = await Promise.all([...input.files].map((file) => shrink(file, edge)));
    const chosen = new DataTransfer();
    for (const file of smaller) chosen.items.add(file);
    input.files = chosen.files;
    shown.replaceChildren(...smaller.map(thumbnail));
  });
}

async function shrink(file, edge) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  const scale = edge / Math.max(picture.width, picture.height);
  if (scale >= 1) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
  return blob && blob.size < file.size ? new File([blob], name, { type: "image/jpeg" }) : file;
}

function thumbnail(file) {
  const item = document.createElement("li");
  const image = document.createElement("img");
  image.src = URL.createObjectURL(file);
  image.alt = file.name;
  item.append(image);
  return item;
}
