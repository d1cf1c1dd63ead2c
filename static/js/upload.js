// One file to one address, with the share that has gone out told while it goes.
// Resolves with the answer's JSON; rejects when nothing came through. `stop(abort)` gets the way out.

export function sendWithProgress(address, name, file, { token, failed, tell, stop = () => {} }) {
  const body = new FormData();
  body.append(name, file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("X-CSRFToken", token);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => tell((event.loaded / event.total) * 100));
    request.addEventListener("load", () => resolve(request.response ?? {}));
    request.addEventListener("error", () => reject(new Error(failed)));
    request.addEventListener("abort", () => resolve({ stopped: true }));
    stop(() => request.abort());
    request.send(body);
  });
}
