package kit

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/a-h/templ"
)

var (
	berlin = zone("Europe/Berlin")
	kyoto  = zone("Asia/Tokyo")
	now    = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	here   = Local{Now: now, Zone: berlin}
)

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

func page(title, path string) Page {
	return Page{
		Title: title, Path: path, Local: here,
		Viewer: &Viewer{Name: "Ida Brandt", Handle: "ida", Unread: 3, Seller: true},
	}
}

// all puts components one after the other.
func all(parts ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, p := range parts {
			if err := p.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// in gives a component its children.
func in(outer templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, all(children...)), w)
	})
}

func div(class string, children ...templ.Component) templ.Component {
	return all(templ.Raw(`<div class="`+class+`">`), all(children...), templ.Raw(`</div>`))
}

func para(s string) templ.Component { return templ.Raw("<p>" + s + "</p>") }

func render(t testing.TB, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// previews are whole pages made of every piece, by file name.
func previews() map[string]templ.Component {
	guest := page("Illustration", "/browse/illustration")
	guest.Viewer = nil
	guest.Local.Zone = nil
	rehearsed := page("Order G7K2", "/orders/G7K2")
	rehearsed.Rehearsal = &Rehearsal{Now: now, Outbox: "/rehearsal/outbox"}
	rehearsed.Flash = &Flash{Good, "Your answers are with Mara. The order has started."}
	rehearsed.Viewer.Topic = "member:ida"
	rehearsed.Topics = []string{"order:G7K2"}
	operator := page("Words", "/house")
	operator.Viewer = &Viewer{Name: "Olu Adeyemi", Handle: "olu", Agent: true, Operator: true, Unread: 120}
	return map[string]templ.Component{
		"order":    in(Layout(rehearsed), orderPage()),
		"browse":   in(Layout(guest), browsePage()),
		"gig":      in(Layout(page("Gig", "/g/logo")), gigPage()),
		"sales":    in(Layout(page("Sales", "/sales?tab=active")), salesPage()),
		"form":     in(Layout(page("New gig", "/gigs/new")), formPage()),
		"standing": in(Layout(page("Standing", "/standing")), standingPage()),
		"home":     in(Layout(guest), homePage()),
		"signin":   in(Layout(guest), signInPage()),
		"notices":  in(Layout(page("Notices", "/notices")), noticesPage()),
		"error":    in(Layout(operator), errorPage()),
		"charts":   in(Layout(page("Charts", "/standing")), chartPage()),
	}
}

func orderPage() templ.Component {
	due := now.Add(52*time.Hour + 35*time.Minute)
	clock := ClockProps{Label: "Completes by itself", Due: due, Local: here, OtherName: "Mara", OtherZone: kyoto}
	paused := ClockProps{Label: "Delivery is due", Due: due, Local: here, Paused: &Pause{"a request is open", now.Add(-5 * time.Hour)}}
	late := ClockProps{Label: "Delivery was due", Due: now.Add(-27 * time.Hour), Local: here, Allows: "You may cancel now and get everything back."}
	next := NextStep(NextStepProps{
		Move: YourMove, Say: "Mara delivered on Sat 21 Nov. Accept it, or ask for a revision.",
		More:    "If you say nothing, the order completes by itself on Tue 24 Nov, 15:05.",
		Primary: &Action{Label: "Accept the delivery", Post: "/orders/G7K2/accept", Key: "k1"},
		Others:  []Action{{Label: "Ask for a revision", Href: "/orders/G7K2/revise"}, {Label: "More time to look", Post: "/orders/G7K2/extend", Key: "k2"}, {Label: "Help", Href: "/help/delivery"}},
	})
	rows := []LedgerRow{{Label: "Standard package", Amount: "$80.00"}, {Label: "Source files", Note: "extra", Amount: "$15.00"},
		{Label: "Commission", Note: "10 % of $95.00", Because: &BecauseProps{ID: "why-fee", Figure: "−$9.50", Says: "Guildhall keeps 10 % of what a seller earns.", Rule: Link{"Fees", "/help/fees"}}}}
	events := []Event{
		{Icon: "package-check", Tone: Lapis, Title: "Mara delivered", When: now.Add(-20 * time.Hour), Text: "Both variants, and the source.\nThe dark one is my favourite.",
			Files: []File{{"logo-bakery-final.zip", "/f/1", "1.2 MB", "9f86d081884c7d659a2feaa0c55ad015"}, {"preview.png", "/f/2", "340 KB", "2c26b46b68ffc68ff99b453c1d304134"}}},
		{Icon: "pencil", Title: "Progress: first sketches", When: now.Add(-60 * time.Hour), Text: "Three directions. I lean to the second."},
		{Icon: "play", Tone: Good, Title: "You answered the questions; the order started", When: now.AddDate(0, 0, -6)},
		{Icon: "shopping-bag", Title: "You ordered and paid $80.00", When: now.AddDate(-1, 0, -7)},
	}
	return all(
		Crumbs(Link{"Purchases", "/purchases"}, Link{"Order #G7K2", ""}),
		in(PageHead("Logo for a bakery", "Order #G7K2 · with Mara Lindqvist"), Badge(State{Lapis, "package-check", "Delivered"})),
		div("with-aside",
			div("stack", next, liveRegion(), in(Card("What happened"), Timeline(here, events...)),
				EffectCard(EffectProps{Heading: "If you ask to cancel", Rows: []EffectRow{
					{Answer: "Accepted", Order: "Cancelled by agreement", Money: "$80.00 back to your card", Until: "–"},
					{Answer: "No answer", Note: "until Tue 24 Nov, 14:05 your time", Order: "Cancelled, unanswered", Money: "$80.00 back to your card", Figures: []Shift{{"Completion", "98.3 %", "96.7 %", Warn}}, Until: "Fri 22 Jan 2027"}}})),
			div("stack",
				in(Card("Clocks"), div("stack", Clock(clock), Clock(paused), Clock(late))),
				in(Card("Agreement"), Facts(Fact{Name: "Package", Value: "Standard"}, Fact{Name: "Delivery", Value: "5 days"}, Fact{Name: "Revisions", Value: "1 of 2 left"})),
				in(Card("Money"), div("stack", LedgerLine(", yours to withdraw from 8 Dec.", Term{"", "$80.00", "paid"}, Term{"−", "$8.00", "commission"}, Term{"=", "$72.00", "to you"}),
					LedgerTable("What was paid", rows, LedgerRow{Label: "To Mara", Amount: "$85.50"}))),
			)))
}

// liveRegion stands for what a template writes as
// <section { Live("live-x", path, "order:G7K2")... }>.
func liveRegion() templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, "<section"); err != nil {
			return err
		}
		if err := templ.RenderAttributes(ctx, w, Live("live-x", "/orders/G7K2", "order:G7K2")); err != nil {
			return err
		}
		_, err := io.WriteString(w, "><p>old</p></section>")
		return err
	})
}

func browsePage() templ.Component {
	titles := []string{"Hand-drawn logo for a small bakery or café", "Translate a letter into Swedish", "Proofread your thesis, up to 10,000 words and with comments in the margin",
		"Edit a podcast episode", "Voice for an explainer film", "Set up a static website", "A woodcut portrait of your dog", "Ledger and taxes for a sole trader"}
	var cards []templ.Component
	for i, title := range titles {
		c := GigCardProps{Href: "/g/x", Title: title, Seller: []string{"Mara Lindqvist", "Tomás Ruiz", "Wanjiru Kamau", "Li Na"}[i%4], Price: []string{"$45.00", "$1,250.00"}[i%2], Delivery: "in 3 days"}
		if i%3 != 1 {
			c.Level, c.Rating, c.Ratings, c.Record = "Level 1", "4.9", 38, "41 completed, 96.4 % on time"
		} else {
			c.Record = "New here, no orders yet"
		}
		cards = append(cards, GigCard(c))
	}
	tree := []Node{{Label: "Design", Href: "/c/1", Count: 1240, Open: true, Children: []Node{{Label: "Illustration", Href: "/c/2", Count: 412, Current: true}, {Label: "Logo and brand", Href: "/c/3", Count: 330}}},
		{Label: "Writing", Href: "/c/4", Count: 865}, {Label: "Music and voice", Href: "/c/5", Count: 0}}
	return all(Crumbs(Link{"All", "/browse"}, Link{"Design", "/c/1"}, Link{"Illustration", ""}),
		PageHead("Illustration", "412 gigs by people whose record you can check."),
		div("grid gap-8 md:grid-cols-[14rem_1fr]", Tree("Categories", tree), div("stack", in(GigGrid(), cards...), Pager("/browse?before=1", "/browse?after=2"))))
}

func gigPage() templ.Component {
	return all(
		Crumbs(Link{"Design", "/c/1"}, Link{"Logo and brand", ""}),
		PageHead("Hand-drawn logo for a small bakery or café", ""),
		div("with-aside", div("stack stack-lg", Gallery("Hand-drawn logo"),
			PackageColumns(
				Package{Tier: "Basic", Name: "One idea", Price: "$45.00", Delivery: "3 days", Revisions: "1 revision", Summary: "One drawn logo in black.", Includes: []string{"PNG, 2000 px"}, Lacks: []string{"Source files", "Letterhead"}, Action: &Action{Label: "Choose Basic", Href: "/b"}},
				Package{Tier: "Standard", Name: "Two ideas", Price: "$80.00", Delivery: "5 days", Revisions: "2 revisions", Summary: "Two directions to choose from, the chosen one finished in colour.", Includes: []string{"PNG and SVG", "Source files"}, Lacks: []string{"Letterhead"}, Chosen: true, Action: &Action{Label: "Continue with Standard", Href: "/s"}},
				Package{Tier: "Premium", Name: "The shop", Price: "$1,160.00", Delivery: "9 days", Revisions: "4 revisions", Summary: "Logo, letterhead, sign and bags.", Includes: []string{"PNG and SVG", "Source files", "Letterhead"}, Action: &Action{Label: "Choose Premium", Href: "/p"}}),
		), div("stack", in(Card("Mara Lindqvist"), div("stack", div("cluster", Avatar(AvatarProps{Name: "Mara Lindqvist", Size: "lg"}), Level("Level 2"), Rating("4.9", 38)),
			Facts(Fact{Name: "Completed", Value: "41"}, Fact{Name: "On time", Value: "96.4 %"}, Fact{Name: "Answers in", Value: "5 h"}))))))
}

func salesPage() templ.Component {
	clock := func(d time.Duration) *ClockProps { return &ClockProps{Due: now.Add(d), Local: here} }
	rows := []templ.Component{
		Row(RowProps{Href: "/o/1", Title: "Logo for a bakery", Ref: "#G7K2", Party: "Jonas Weber", State: State{Warn, "timer-off", "Due passed"}, Move: "Your move", Mine: true, Clock: clock(-3 * time.Hour), Amount: "$80.00"}),
		Row(RowProps{Href: "/o/2", Title: "A woodcut portrait of a very patient dog called Bartholomew", Ref: "#F3QX", Party: "Aiko Tanaka", State: State{Lapis, "hammer", "In progress"}, Move: "Your move", Mine: true, Clock: clock(28*time.Hour + 10*time.Minute), Amount: "$1,240.00"}),
		Row(RowProps{Href: "/o/3", Title: "Shop sign", Ref: "#B81M", Party: "Sam", State: State{Neutral, "clipboard-list", "Waits for answers"}, Move: "Sam’s move", Note: "Asked on Fri 20 Nov", Amount: "$45.00"}),
		Row(RowProps{Href: "/o/4", Title: "Menu card", Ref: "#C22P", Party: "Noor Haddad", State: State{Good, "", "Completed"}, Note: "Completed Wed 18 Nov", Amount: "$60.00"}),
	}
	return all(PageHead("Sales", "What you are making, and for whom."),
		Tabs("Orders", Tab{Label: "Active", Href: "?tab=active", Count: 4, Current: true}, Tab{Label: "Pending", Href: "?tab=pending", Count: 2}, Tab{Label: "Delivered", Href: "?tab=delivered"}, Tab{Label: "Completed", Href: "?tab=completed", Count: 1204}, Tab{Label: "Cancelled", Href: "?tab=cancelled", Count: 3}),
		in(Rows(), rows...), Pager("", "/sales?after=x"),
		templ.Raw("<br>"), Empty("package", "Orders that were cancelled will stand here, each with its reason.", Link{"See active orders", "?tab=active"}))
}

func formPage() templ.Component {
	tz := []Option{{"UTC", "UTC", ""}, {"Europe/Berlin", "Berlin", "Europe"}, {"Europe/Lisbon", "Lisbon", "Europe"}, {"Asia/Tokyo", "Tokyo", "Asia"}}
	faults := Faults(map[string]string{"price": "The price must be at least $5.00.", "kind": "Choose how you deliver.", "email": "This address has no @."}, "email", "price")
	return all(PageHead("A new gig", "Nothing is public until you publish it."),
		div("with-aside", in(Form(FormProps{Action: "/gigs", Key: "k", Files: true}),
			ErrorSummary(faults),
			Field(FieldProps{Name: "title", Label: "Title", Hint: "Say what the buyer gets, in their words.", Value: "Hand-drawn logo", MaxLength: 80}),
			Field(FieldProps{Kind: EmailField, Name: "email", Label: "E-mail", Value: "ida.example", Error: "This address has no @.", Autocomplete: "email"}),
			Field(FieldProps{Kind: PasswordField, Name: "password", Label: "Password", Hint: "Twelve characters or more.", Autocomplete: "new-password"}),
			in(FormRow(), Field(FieldProps{Kind: MoneyField, Name: "price", Label: "Price", Prefix: "$", Value: "4.00", Error: "The price must be at least $5.00."}),
				Field(FieldProps{Kind: NumberField, Name: "days", Label: "Delivery", Suffix: "days", Value: "3", Min: "1"})),
			Field(FieldProps{Kind: LongField, Name: "about", Label: "Description", Optional: true, Value: "I draw with ink on paper.", Rows: 4}),
			Field(FieldProps{Kind: SelectField, Name: "zone", Label: "Time zone", Options: tz, Value: "Europe/Berlin"}),
			Choices(ChoiceProps{Name: "kind", Legend: "How do you deliver?", Error: "Choose how you deliver.", Options: []Choice{{"files", "Files", "The buyer downloads them", ""}, {"text", "Text", "In the order itself", ""}}, Beside: true}),
			Choices(ChoiceProps{Name: "extras", Legend: "Extras", Many: true, Optional: true, Values: []string{"src"}, Options: []Choice{{"src", "Source files", "", "$15.00"}, {"fast", "One day sooner", "Delivery in 4 days", "$20.00"}}}),
			Field(FieldProps{Kind: FileField, Name: "picture", Label: "Picture", Hint: "PNG or JPEG, 5 MB at most.", Accept: "image/*", Optional: true}),
			Field(FieldProps{Kind: CheckField, Name: "terms", Label: "I have the right to sell this", Hint: "Read what that means in the terms.", Checked: true}),
			in(FormActions(), Submit("Save the draft", PrimaryButton), LinkButton("Preview", "/p", SecondButton), LinkButton("Leave it", "/gigs", QuietButton), Submit("Delete", HurtButton))),
			in(Card("Confirm"), in(ConfirmForm(ConfirmProps{Action: "/pay", Key: "z", Verb: "Pay $86.00", Back: Link{"Change something", "/c"}, Fine: "You can undo this until work starts."}),
				para("Two logos by Mara, delivered in 5 days.")))))
}

func standingPage() templ.Component {
	theirs := NextStep(NextStepProps{Move: TheirMove, Who: "Mara", Say: "Mara has everything and is at work.",
		More: "You hear from us the moment something is delivered.", Others: []Action{{Label: "Cancel the order", Href: "/x", Hurts: true}}})
	why := &BecauseProps{ID: "why-completion", Figure: "94.3 %", Says: "50 of 53 orders that ended in the last 60 days were completed.", Parts: Tally(50, 3, 12),
		Lines: []Line{{"#G7K2 Logo", "/o/1", "counted"}, {"#F3QX Portrait", "/o/2", "against"}, {"#B81M Sign", "/o/3", "excluded: mutual"}}, All: Link{"See all 65", "/s"}, Rule: Link{"Completion rate", "/help/completion"}}
	inline := *why
	inline.ID = "why-inline"
	return all(PageHead("Standing", "Level 1 since Sat 3 Oct. Next look on Tue 15 Dec."),
		div("stack stack-lg", theirs, StatTiles(Stat{Label: "Completion", Because: why, Note: "needs 90 %: met"}, Stat{Label: "Completed", Figure: "41", Note: "needs 50"}, Stat{Label: "On time", Figure: "96.4 %"}, Stat{Label: "Earned", Figure: "$12,480.50"}, Stat{Label: "Rating", Figure: "4.91"}),
			in(Card("What Level 2 needs"), in(Scroll("What Level 2 needs"), templ.Raw(`<table class="sheet"><thead><tr><th scope="col">Figure</th><th scope="col" class="n">Needed</th><th scope="col" class="n">Yours</th><th scope="col">Missing</th></tr></thead><tbody><tr><th scope="row">Completed orders</th><td class="n">50</td><td class="n">41</td><td>9 more</td></tr><tr><th scope="row">Days as a seller</th><td class="n">120</td><td class="n">97</td><td>met on Wed 23 Dec</td></tr></tbody></table>`))),
			all(templ.Raw(`<p>Your completion rate is `), Because(inline), templ.Raw(`, and that is what counts.</p>`)),
			div("cluster", Badge(State{Good, "", "Met"}), Badge(State{Warn, "", "9 missing"}), Badge(State{Bad, "", "Refused"}), Badge(State{Text: "Draft", Icon: "pencil"}), Badge(State{Brass, "", "Top seller"}), Badge(State{Lapis, "hammer", "In progress"}))))
}

func homePage() templ.Component {
	return all(Hero("Good work, by rules you can see", "Hire people for a piece of work. Money is held until delivery, and every figure on these pages opens to what is behind it."),
		div("stack", templ.Raw("<h2>Where to start</h2>"), Doors(Door{"pen-line", "Design", "/c/1", "1,240 gigs"}, Door{"book-open", "Writing and translation", "/c/2", "865 gigs"},
			Door{"activity", "Music and voice", "/c/3", "322 gigs"}, Door{"wrench", "Programming", "/c/4", "1,804 gigs"})))
}

func signInPage() templ.Component {
	return in(Narrow("Sign in", "Welcome back."), in(Form(FormProps{Action: "/login"}),
		Field(FieldProps{Kind: EmailField, Name: "email", Label: "E-mail", Autocomplete: "username"}),
		Field(FieldProps{Kind: PasswordField, Name: "password", Label: "Password", Autocomplete: "current-password"}),
		in(FormActions(), Submit("Sign in", PrimaryButton), LinkButton("Forgotten password", "/forgot", QuietButton))))
}

func noticesPage() templ.Component {
	return all(PageHead("Notices", ""),
		in(FilterBar("/notices", "Filter notices", Hidden{"tab", "all"}), Field(FieldProps{Name: "q", Label: "Words", Optional: true}), Field(FieldProps{Kind: DateField, Name: "from", Label: "From", Optional: true})),
		in(Rows(), Notice(NoticeProps{Href: "/o/1", Icon: "package-check", Tone: Lapis, Text: "Mara delivered Logo for a bakery", When: now.Add(-time.Hour), Unread: true}, here),
			Notice(NoticeProps{Href: "/o/2", Icon: "clock", Tone: Warn, Text: "Portrait is due in 24 hours", When: now.Add(-9 * time.Hour)}, here)),
		div("stack mt-6", in(Callout(Warn, "You are away until Tue 1 Dec. Nobody can order before."), LinkButton("I am back", "/profile", QuietButton)),
			Secret("Your new token, shown this once", "gh_live_8f2k1m"),
			in(Card("Comments"), Comments(here, CommentProps{Who: "Mara Lindqvist", When: now.Add(-3 * time.Hour), Text: "Which of the two do you prefer?"}, CommentProps{Who: "Ida Brandt", Mine: true, When: now.Add(-time.Hour), Text: "The second.\nPlease keep the wheat."}))))
}

func errorPage() templ.Component {
	return ErrorPage(ErrorProps{Title: "Somebody was faster", Happened: "The order was accepted while you were writing.", Saved: "Your text is kept as a draft.", Do: "Look at the order as it is now.", Action: Link{"Open the order", "/o/1"}})
}

// TestPreview writes the pages to the folder KIT_PREVIEW names, to look at.
func TestPreview(t *testing.T) {
	dir := os.Getenv("KIT_PREVIEW")
	if dir == "" {
		t.Skip("KIT_PREVIEW names no folder")
	}
	if err := os.CopyFS(filepath.Join(dir, "static"), os.DirFS("../static/dist")); err != nil {
		t.Log(err)
	}
	for name, c := range previews() {
		for _, theme := range []string{"light", "dark"} {
			html := render(t, c)
			if theme == "dark" {
				html = string(bytes.Replace([]byte(html), []byte("<html"), []byte(`<html data-theme="guildhall-dark"`), 1))
			}
			if err := os.WriteFile(filepath.Join(dir, name+"-"+theme+".html"), []byte(html), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
