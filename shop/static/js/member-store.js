// What a member's own phone keeps: entries that wait for a network, and for whom this phone works at present.
// Entries bear account and member: nobody else who signs in here sees or sends them.

const opening = new Promise((done, fail) => {
  const asked = indexedDB.open("dacsan-xa-vien", 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("entries", { keyPath: "id" });
    asked.result.createObjectStore("who", { keyPath: "key" });
  };
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
});
opening.catch(() => {}); // told where something is to be kept

async function run(store, mode, act) {
  const database = await opening;
  return new Promise((done, fail) => {
    const transaction = database.transaction(store, mode, { durability: "strict" }); // also through an empty battery
    const request = act(transaction.objectStore(store));
    transaction.oncomplete = () => done(request.result);
    transaction.onabort = transaction.onerror = () => fail(transaction.error);
  });
}

export const keep = (entry) => run("entries", "readwrite", (store) => store.put(entry));
export const drop = (id) => run("entries", "readwrite", (store) => store.delete(id));
export const find = (id) => run("entries", "readonly", (store) => store.get(id));

// Without a member: of everybody whom the account works for.
export async function entriesOf(who) {
  const all = await run("entries", "readonly", (store) => store.getAll());
  return all.filter((entry) => entry.account === who.account && (!who.member || entry.member === who.member));
}

// Whom this phone works for helps without a network alone: where nothing may be kept, the rest works as without it.
export const lastWho = () => run("who", "readonly", (store) => store.get("who")).catch(() => undefined);
export const rememberWho = (who) => run("who", "readwrite", (store) => store.put({ ...who, key: "who" })).catch(() => {});
export const forgetWho = () => run("who", "readwrite", (store) => store.delete("who")).catch(() => {});
