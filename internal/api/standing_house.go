package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
)

var errNoLevel = fault.NotFound("There is no such level.")

func levelOf(st standing.State, p policy.Version) SellerLevel {
	return SellerLevel{
		Name: st.Level, Words: standing.LevelWords(p, st.Level), Since: instant(st.Since), Warned: instant(st.WarnedAt), Ends: instant(st.DemotesAt),
		Waits: st.Ready, Asked: instant(st.ReadyAt), Approved: levelWordOf(st.Approved), Declined: levelWordOf(st.Declined),
	}
}

func levelWordOf(w standing.Word) *LevelWord {
	if w.Level == "" {
		return nil
	}
	return &LevelWord{w.Level, w.At.UTC(), w.Why}
}

func rungOf(r market.Rung) Rung {
	w := Rung{Name: r.Name, Words: r.Words, Held: r.Held, Met: r.Met, Requirements: make([]Requirement, len(r.Requirements))}
	for i, q := range r.Requirements {
		w.Requirements[i] = Requirement{q.Figure, q.Required, q.Mine, q.Missing, q.Todo, q.Met, q.Enforced}
	}
	return w
}

func turnOf(s standing.Step) ForecastStep {
	plain := func(list []standing.Contribution) []Contribution {
		out := make([]Contribution, len(list))
		for i, c := range list {
			out[i] = contributionOf(c, nil)
		}
		return out
	}
	return ForecastStep{
		At: s.At.UTC(), Leaves: plain(s.Leaves), Comes: plain(s.Comes), Lapsed: len(s.Lapsed), Rules: s.Rules, Level: s.Level, Ends: instant(s.State.DemotesAt),
		Completion: rateOf(s.Sheet.Completion), OnTime: rateOf(s.Sheet.OnTime), Response: rateOf(s.Sheet.Response), Rating: meanOf(s.Sheet.Rating),
	}
}

func recoveryOf(r standing.Recovery) Recovery {
	w := Recovery{Figure: r.Figure, Level: r.Level, Required: r.Required, Need: make([]RecoveryNeed, len(r.Need))}
	for i, n := range r.Need {
		w.Need[i] = RecoveryNeed{n.From.UTC(), n.Orders}
	}
	return w
}

func shareOf(s market.Share) StandingShare {
	return StandingShare{ID: s.ID, Secret: s.Secret, Made: s.Made.UTC(), Until: s.Until.UTC()}
}

// PublicStanding is the short and honest form that everybody sees of a seller.
type PublicStanding struct {
	Member     Person     `json:"member"`
	Level      string     `json:"level,omitempty" doc:"Its name; absent for none."`
	Words      string     `json:"level_words,omitempty"`
	Since      *time.Time `json:"level_since,omitempty"`
	At         time.Time  `json:"at"`
	Completed  int        `json:"completed"`
	Days       int        `json:"days"`
	Completion Rate       `json:"completion"`
	OnTime     Rate       `json:"on_time"`
	Response   Rate       `json:"response"`
	Rating     Mean       `json:"rating"`
}

// BuyerRecord is what a seller may know of a buyer before they work for them.
type BuyerRecord struct {
	Buyer     Person        `json:"buyer"`
	Orders    int           `json:"orders" doc:"Paid, ever."`
	Completed int           `json:"completed"`
	Noted     int           `json:"noted" doc:"Endings on record since then."`
	Since     time.Time     `json:"since"`
	Endings   []BuyerEnding `json:"endings" doc:"How the others ended since then."`
}

// BuyerEnding is how often orders of a buyer ended in one way.
type BuyerEnding struct {
	Class policy.Class `json:"class"`
	Label string       `json:"label"`
	Cause *Cause       `json:"cause,omitempty" doc:"As it was declared."`
	N     int          `json:"n"`
	Noted bool         `json:"noted"`
}

type handleAt struct {
	Handle string `path:"handle" maxLength:"100"`
}

type buyerAt struct {
	ID ident.Member `path:"id" pattern:"^member_[0-9a-z]{26}$"`
}

// knownOf is what others may know of a seller, and sellers of a buyer.
func (a *API) knownOf() {
	serve(a, route{
		method: http.MethodGet, path: "/sellers/{handle}/standing", id: "get-seller-standing", tag: "Standing", who: anyone,
		does: "A seller's level and figures in short, as everybody sees them",
	}, func(ctx context.Context, in *handleAt) (*answer[PublicStanding], error) {
		s, err := a.Market.PublicStanding(ctx, in.Handle)
		return ok(PublicStanding{
			Member: personOf(s.Member, s.At), Level: s.Level, Words: s.Words, Since: instant(s.LevelSince), At: s.At.UTC(), Completed: s.Completed,
			Days: s.Days, Completion: rateOf(s.Completion), OnTime: rateOf(s.OnTime), Response: rateOf(s.Response), Rating: meanOf(s.Rating),
		}, err)
	})
	serve(a, route{
		method: http.MethodGet, path: "/members/{id}/buyer-record", id: "get-buyer-record", tag: "Standing", who: signedIn, scopes: reading,
		does: "How a buyer's orders ended", about: "For a seller who shares an order, an offer or a conversation with them; to others there is none.",
	}, a.buyerRecord)
}

func (a *API) buyerRecord(ctx context.Context, in *buyerAt) (*answer[BuyerRecord], error) {
	h, err := a.Market.BuyerRecord(ctx, actor(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	w := BuyerRecord{Buyer: personOf(h.Buyer, a.Market.Now()), Orders: h.Orders, Completed: h.Completed, Noted: h.Noted, Since: h.Since.UTC(), Endings: []BuyerEnding{}}
	for _, r := range h.Rows {
		w.Endings = append(w.Endings, BuyerEnding{r.Class, standing.Label(r.Class), causeOf(r.Cause, a.Market.Policy()), r.N, r.Noted})
	}
	return ok(w, nil)
}

// LevelCandidate is a seller for whose next level only a person's yes is missing.
type LevelCandidate struct {
	Member Person      `json:"member"`
	Level  SellerLevel `json:"level" doc:"Where they stand now."`
	Rung   Rung        `json:"asks" doc:"The level that waits, and what they have of it."`
}

type answerLevelIn struct {
	Keyed
	ID   ident.Member `path:"id" pattern:"^member_[0-9a-z]{26}$"`
	Body struct {
		Why string `json:"why" maxLength:"10000" doc:"The seller reads it, whichever it is."`
	}
}

// levelQueue is where the house says yes or not yet.
func (a *API) levelQueue() {
	serve(a, route{
		method: http.MethodGet, path: "/levels", id: "list-level-candidates", tag: "Desk", who: atDesk, scopes: managing,
		does: "Who waits for a person's yes to a level, longest first",
	}, func(ctx context.Context, in *Page) (*answer[List[LevelCandidate]], error) {
		list, next, err := a.Market.LevelQueue(ctx, actor(ctx), market.Cursor(in.Cursor), in.Limit)
		p, now := a.Market.Policy(), a.Market.Now()
		return ok(listOf(list, string(next), func(c market.Candidate) LevelCandidate {
			return LevelCandidate{personOf(c.Member, now), levelOf(c.State, p), rungOf(c.Rung)}
		}), err)
	})
	answers := func(verb, id, does, about string, do func(context.Context, member.Actor, market.Key, ident.Member, string) (standing.State, error)) {
		serve(a, route{
			method: http.MethodPost, path: "/levels/{id}/" + verb, id: id, tag: "Desk", who: atDesk, scopes: managing, does: does, about: about,
		}, func(ctx context.Context, in *answerLevelIn) (*answer[SellerLevel], error) {
			st, err := do(ctx, actor(ctx), in.Key, in.ID, in.Body.Why)
			return ok(levelOf(st, a.Market.Policy()), err)
		})
	}
	answers("approve", "approve-level", "Say yes to the level that a seller waits for", "It is theirs at once, for as long as their figures meet it. Nobody answers for themselves or for an account tied to theirs.", a.Market.ApproveLevel)
	answers("decline", "decline-level", "Say not yet", "Nothing changes, and they read why. A yes can follow.", a.Market.DeclineLevel)
}
