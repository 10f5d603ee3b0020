package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/notice"
)

// Notice is one message to you about one event.
type Notice struct {
	ID    ident.Notice `json:"id" pattern:"^notice_[0-9a-z]{26}$"`
	Kind  effect.Kind  `json:"kind"`
	At    time.Time    `json:"at"`
	Title string       `json:"title"`
	Body  string       `json:"body"`
	Link  string       `json:"link" doc:"Path of the page it is about."`
	Read  *time.Time   `json:"read_at,omitempty" doc:"Absent while it is unread."`
}

func noticeOf(n notice.Notice) Notice {
	return Notice{
		ID: n.ID, Kind: n.Kind, At: n.At.UTC(), Title: notice.Say(n.TitleParts(), moment), Body: notice.Say(n.BodyParts(), moment),
		Link: n.Link, Read: instant(n.Read),
	}
}

// NoticeList is one page of notices, newest first.
type NoticeList struct {
	Unread int      `json:"unread" doc:"In all."`
	Items  []Notice `json:"items"`
	Next   string   `json:"next,omitempty" doc:"The cursor of the next page; absent on the last one."`
}

// Unread is how many notices you have not read.
type Unread struct {
	Unread int `json:"unread"`
}

type noticeAt struct {
	ID ident.Notice `path:"id" pattern:"^notice_[0-9a-z]{26}$"`
}

func (a *API) notices() {
	reads := func(path, id, does string) route {
		return route{method: http.MethodGet, path: path, id: id, tag: "Notices", who: signedIn, scopes: reading, does: does}
	}
	marks := func(path, id, does string) route {
		return route{
			method: http.MethodPost, path: path, id: id, tag: "Notices", who: signedIn, scopes: []member.Scope{member.ScopeManage},
			does: does, about: "Doing it again changes nothing.",
		}
	}
	serve(a, reads("/notices", "list-notices", "What you were told, newest first"), a.noticeList)
	serve(a, reads("/notices/unread", "count-unread", "How many notices you have not read"), func(ctx context.Context, _ *none) (*answer[Unread], error) {
		n, err := a.Market.Unread(ctx, actor(ctx))
		return ok(Unread{n}, err)
	})
	serve(a, marks("/notices/{id}/read", "read-notice", "Mark a notice as read"), func(ctx context.Context, in *noticeAt) (*answer[Notice], error) {
		n, err := a.Market.ReadNotice(ctx, actor(ctx), in.ID)
		return ok(noticeOf(n), err)
	})
	serve(a, marks("/notices/read", "read-all-notices", "Mark every notice as read"), func(ctx context.Context, _ *none) (*answer[Unread], error) {
		if _, err := a.Market.ReadAllNotices(ctx, actor(ctx)); err != nil {
			return nil, err
		}
		n, err := a.Market.Unread(ctx, actor(ctx))
		return ok(Unread{n}, err)
	})
}

func (a *API) noticeList(ctx context.Context, in *Page) (*answer[NoticeList], error) {
	list, err := a.Market.Notices(ctx, actor(ctx), market.Cursor(in.Cursor), in.Limit)
	page := listOf(list.Notices, string(list.Next), noticeOf)
	return ok(NoticeList{list.Unread, page.Items, page.Next}, err)
}
