// The API as one of the demo's people: for the steps of a journey that are not
// what its test is about.
import { person } from "./house.js";

// api(name) answers with a function that calls the API as that person and gives
// back what came; anything but a success throws, unless it is the one awaited.
export function api(name) {
  return calls(person(name).token);
}

// calls is the same for whoever holds a token.
export function calls(token) {
  return async (method, path, body, awaited) => {
    const answer = await fetch(`${process.env.GUILDHALL_URL}/api/v1${path}`, {
      method, body: body && JSON.stringify(body),
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
    });
    const got = await answer.json();
    if (awaited ? answer.status !== awaited : !answer.ok) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(got)}`);
    }
    return got;
  };
}

export const card = { number: "4242 4242 4242 4242", expiry: "12/40", cvc: "123" };

// placed orders and pays the smallest package of a gig and answers with the
// order's id.
export async function placed(buyer, gig) {
  const pick = { tier: "basic", quantity: 1 };
  const { quote, again } = await buyer("POST", "/checkout", { gig, pick });
  const { order } = await buyer("POST", "/orders", { gig, pick, shown: quote.total, again: !!again, card });
  return order;
}

// later moves the clock of the rehearsal; what was due by then has happened.
export async function later(advance) {
  const answer = await fetch(`${process.env.GUILDHALL_URL}/api/rehearsal/clock`, {
    method: "POST", body: JSON.stringify({ advance }), headers: { "content-type": "application/json" },
  });
  if (!answer.ok) throw new Error(`the clock: ${answer.status} ${await answer.text()}`);
}
