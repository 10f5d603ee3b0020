package kit

import (
	"net/url"
	"strconv"
	"strings"
)

// navItem is one way through the house.
type navItem struct {
	label, href, icon string
}

// mainNav is the row of the header: the two or three places this reader is in
// most often.
func (p Page) mainNav() []navItem {
	v := p.Viewer
	if v == nil {
		return []navItem{{"Browse", "/browse", "layout-grid"}, {"How it works", "/help", "book-open"}}
	}
	items := []navItem{{"Browse", "/browse", "layout-grid"}}
	if v.Seller {
		items = append(items, navItem{"Sales", "/sales", "store"})
	}
	items = append(items, navItem{"Purchases", "/purchases", "shopping-bag"})
	if v.Agent || v.Operator {
		items = append(items, navItem{"Desk", "/desk", "gavel"})
	}
	if v.Operator {
		items = append(items, navItem{"House", "/house", "landmark"})
	}
	return items
}

// accountNav is the menu under the reader's name.
func (p Page) accountNav() []navItem {
	v := p.Viewer
	var items []navItem
	if v.Seller {
		items = append(items, navItem{"My gigs", "/gigs", "briefcase"})
	}
	items = append(items,
		navItem{"Offers", "/offers", "hand-coins"},
		navItem{"Reviews", "/reviews", "star"},
		navItem{"Statement", "/statement", "receipt-text"},
		navItem{p.figures(), "/standing", "scale"},
		navItem{"Profile", "/profile", "user"},
		navItem{"API tokens", "/profile/tokens", "key"},
		navItem{"Support", "/cases", "circle-help"})
	if !v.Seller {
		items = append(items, navItem{"Become a seller", "/profile/seller", "hammer"})
	}
	return items
}

// figures names the way to what the house says about the reader's orders.
func (p Page) figures() string {
	if p.Viewer.Seller {
		return "My figures"
	}
	return "My record"
}

// at reports whether the page is the place an item leads to, or inside it.
func (p Page) at(href string) bool {
	path, _, _ := strings.Cut(p.Path, "?")
	return path == href || strings.HasPrefix(path, href+"/")
}

// unread is the bell's number.
func (v Viewer) unread() string { return short(v.Unread) }

// short is a number for a dot.
func short(n int) string {
	if n > 99 {
		return "99+"
	}
	return strconv.Itoa(n)
}

// lettersLabel is what a screen reader says of the way to the messages.
func (v Viewer) lettersLabel() string {
	switch v.Talks {
	case 0:
		return "Messages"
	case 1:
		return "Messages, 1 conversation with something new"
	}
	return "Messages, " + short(v.Talks) + " conversations with something new"
}

// bellLabel is what a screen reader says of the bell.
func (v Viewer) bellLabel() string {
	switch v.Unread {
	case 0:
		return "Notices"
	case 1:
		return "Notices, 1 unread"
	}
	return "Notices, " + strconv.Itoa(v.Unread) + " unread"
}

// askSupport is where a question about this very page is asked.
func (p Page) askSupport() string {
	path, _, _ := strings.Cut(p.Path, "?")
	if path == "" || path == "/" || strings.HasPrefix(path, "/cases") || strings.HasPrefix(path, "/desk") {
		return "/cases/new"
	}
	return "/cases/new?about=" + url.QueryEscape(path)
}
