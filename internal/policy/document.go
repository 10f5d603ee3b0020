package policy

import (
	"slices"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/money"
)

// Version is one immutable edition of the rulebook with the moment it takes
// effect. Orders pin the version they were placed under (rulebook section 14).
type Version struct {
	ID        ident.Policy
	Effective time.Time
	Document
}

// Document is the rulebook as data: every number of the marketplace, in its
// units. A field without omitempty must stand in the file; within gives the
// bounds of a number, both ends included. Treat lists and maps as read-only:
// copies of a document share them.
type Document struct {
	Profile  string         `yaml:"profile"`  // classic or modern, or the operator's own name
	Currency money.Currency `yaml:"currency"` // of every order of the house

	Order        Order        `yaml:"order"`
	Clocks       Clocks       `yaml:"clocks"`
	Requests     Requests     `yaml:"requests"`
	Cancellation Cancellation `yaml:"cancellation"`
	Offers       Offers       `yaml:"offers"`
	Reviews      Reviews      `yaml:"reviews"`
	Standing     Standing     `yaml:"standing"`
	Desk         Desk         `yaml:"desk"`
	Conduct      Conduct      `yaml:"conduct"`
	Money        Money        `yaml:"money"`
	Limits       Limits       `yaml:"limits"`
}

// Order holds the numbers of section 3.
type Order struct {
	UnpaidLapse      Duration `yaml:"unpaid_lapse" within:"1m..30d"`     // an unpaid order is abandoned after this long
	ReviewPeriod     Duration `yaml:"review_period" within:"1h..90d"`    // silence after a delivery completes the order
	ReviewExtension  Duration `yaml:"review_extension" within:"1h..90d"` // what "more time" adds
	ReviewExtensions int      `yaml:"review_extensions" within:"0..10"`  // how often the buyer may ask for more time
	RevisionTarget   Duration `yaml:"revision_target" within:"1h..90d"`  // reminder target of a revision; no effect on figures
	LateCancel       Duration `yaml:"late_cancel" within:"0h..90d"`      // after due, with nothing delivered, the buyer may cancel
	StaleCancel      Duration `yaml:"stale_cancel" within:"1h..365d"`    // the seller may cancel an order that never started
	StaleRefund      Duration `yaml:"stale_refund" within:"1h..365d"`    // an order that never started is refunded by itself
	DuplicateWindow  Duration `yaml:"duplicate_window" within:"0h..30d"` // same buyer, same gig: "order again?"
	MaxQuantity      int      `yaml:"max_quantity" within:"1..1000"`     // of one package in one order
}

// Clocks holds the numbers of section 4.
type Clocks struct {
	UploadGrace           Duration   `yaml:"upload_grace" within:"0h..2d"`             // an upload begun before due and finished within this counts as on time
	RequirementsReminders []Duration `yaml:"requirements_reminders" within:"1m..365d"` // after payment, while the requirements are missing
	BeforeDue             Duration   `yaml:"before_due" within:"1m..30d"`              // reminder to the seller
	BeforeCompletion      Duration   `yaml:"before_completion" within:"1m..30d"`       // reminder to the buyer
	BeforeRequestEnds     Duration   `yaml:"before_request_ends" within:"1m..30d"`     // reminder to whoever must answer
}

// Answer is what silence or an answer does to a request.
type Answer string

// The closed list of outcomes of section 5.
const (
	AnswerCancelMutual     Answer = "cancel_mutual"
	AnswerCancelUnanswered Answer = "cancel_unanswered"
	AnswerDeny             Answer = "deny"
	AnswerApply            Answer = "apply"
)

// Requests holds the numbers and the table of section 5.
type Requests struct {
	Answer             Duration               `yaml:"answer" within:"1h..30d"`           // how long the other party has
	PerKind            int                    `yaml:"per_kind" within:"1..100"`          // requests of a kind, per party and order
	SellerPause        Duration               `yaml:"seller_pause" within:"0h..90d"`     // what a seller's own requests may pause in all
	Remind             Duration               `yaml:"remind,omitempty" within:"1h..30d"` // a seller reminds a silent buyer at most so often; left out, without a limit
	MaxExtensionDays   int                    `yaml:"max_extension_days" within:"1..365"`
	MaxDiscountPercent Percent                `yaml:"max_discount_percent"`
	AdviseExtensions   int                    `yaml:"advise_extensions" within:"1..100"` // accepted extensions …
	AdviseOrders       int                    `yaml:"advise_orders" within:"1..1000"`    // … in so many orders of a gig advise a longer delivery time
	Kinds              map[string]RequestKind `yaml:"kinds"`                             // cancel, extend, add_extra, discount, swap
}

// RequestKind is one row of the table of section 5.
type RequestKind struct {
	OnAccept            Answer `yaml:"on_accept"`
	OnDecline           Answer `yaml:"on_decline"`
	OnSilence           Answer `yaml:"on_silence"`
	AfterDeliveryToDesk bool   `yaml:"after_delivery_to_desk,omitempty"` // a buyer's unanswered request becomes a case once something was delivered
}

// Class is how an order ended without being completed (section 6).
type Class string

// The closed list of classes.
const (
	ClassBeforeStart      Class = "before_start"
	ClassBeforeStartStale Class = "before_start_stale"
	ClassMutual           Class = "mutual"
	ClassUnanswered       Class = "unanswered"
	ClassLate             Class = "late"
	ClassForced           Class = "forced"
	ClassChargeback       Class = "chargeback"
	ClassModerated        Class = "moderated"
	ClassRefunded         Class = "refunded"
)

// Classes is the closed list, in the order of the rulebook.
func Classes() []Class {
	return []Class{
		ClassBeforeStart, ClassBeforeStartStale, ClassMutual, ClassUnanswered, ClassLate,
		ClassForced, ClassChargeback, ClassModerated, ClassRefunded,
	}
}

// Effect tells whether an ending enters somebody's record.
type Effect string

// The closed list of effects of section 6.
const (
	EffectNo           Effect = "no"
	EffectYes          Effect = "yes"
	EffectFaultSeller  Effect = "fault_seller"        // only when the fault is the seller's
	EffectFaultBuyer   Effect = "fault_buyer"         // only when the fault is the buyer's
	EffectUnresponsive Effect = "unless_unresponsive" // unless the buyer was silent through reminders
)

// Cancellation holds the matrix and the closed list of causes of section 6.
type Cancellation struct {
	Effects               []ClassEffect `yaml:"effects"`
	Causes                []Cause       `yaml:"causes"`
	UnresponsiveCause     string        `yaml:"unresponsive_cause"`                     // one of the causes; it excuses the seller when …
	UnresponsiveReminders int           `yaml:"unresponsive_reminders" within:"0..100"` // … so many reminders …
	UnresponsiveSilence   Duration      `yaml:"unresponsive_silence" within:"0h..90d"`  // … and so long a silence went before
	ReviewShare           Percent       `yaml:"review_share"`                           // no-fault cancellations above this share …
	ReviewWindow          Duration      `yaml:"review_window" within:"1d..3650d"`       // … in this window …
	ReviewFrom            int           `yaml:"review_from,omitempty" within:"1..1000"` // … and of at least so many ended orders open a review by the house; left out, of any
}

// EffectOf is the row of the matrix for a class, by whoever asked for the ending
// where that matters; the zero row, which counts for nobody, where there is none.
func (c Cancellation) EffectOf(class Class, askedBy Party) ClassEffect {
	i := slices.IndexFunc(c.Effects, func(e ClassEffect) bool {
		return e.Class == class && (e.AskedBy == "" || e.AskedBy == askedBy)
	})
	if i < 0 {
		return ClassEffect{}
	}
	return c.Effects[i]
}

// Party is one side of an order.
type Party string

// The two sides.
const (
	PartySeller Party = "seller"
	PartyBuyer  Party = "buyer"
)

// ClassEffect is one row of the matrix. AskedBy is empty where it does not matter.
type ClassEffect struct {
	Class   Class  `yaml:"class"`
	AskedBy Party  `yaml:"asked_by,omitempty"`
	Seller  Effect `yaml:"seller"`
	Buyer   Effect `yaml:"buyer"`
}

// Cause is one entry of the closed list, with the words shown to people.
type Cause struct {
	Name  string `yaml:"name"`
	Words string `yaml:"words"`
}

// Offers holds the numbers of section 7.
type Offers struct {
	Life         Duration `yaml:"life" within:"1h..90d"`
	PaymentGrace Duration `yaml:"payment_grace" within:"0h..1d"`
}

// Ending is a way for an order to be over that reviews know: completed or a class.
type Ending string

// EndingCompleted is the good one.
const EndingCompleted Ending = "completed"

// Reviews holds the numbers and tables of section 8.
type Reviews struct {
	Window           Duration               `yaml:"window" within:"1d..3650d"`
	After            []Ending               `yaml:"after"`          // endings that may be reviewed, once the work had started
	AfterDelivery    []Ending               `yaml:"after_delivery"` // endings that may be reviewed only if something was delivered
	Criteria         []Criterion            `yaml:"criteria"`
	CategoryCriteria map[string][]Criterion `yaml:"category_criteria,omitempty"` // by category slug
	MinText          int                    `yaml:"min_text" within:"0..1000"`   // characters, if there is a text
	Amend            Duration               `yaml:"amend" within:"0h..365d"`
	Reply            Duration               `yaml:"reply" within:"0h..365d"`
	ReplyEdit        Duration               `yaml:"reply_edit" within:"0h..365d"`
	ChallengeReasons []Cause                `yaml:"challenge_reasons"`
	DecisionDays     int                    `yaml:"decision_days" within:"1..60"` // working days
}

// MaxCriteria is how many things a buyer may be asked to rate: a mean of so many
// whole stars is still counted without rounding.
const MaxCriteria = 10

// Criterion is one thing that a buyer rates with whole stars.
type Criterion struct {
	Name  string `yaml:"name"`
	Words string `yaml:"words"`
}

// Standing holds the numbers of section 9.
type Standing struct {
	Window         Duration `yaml:"window" within:"1d..3650d"` // of the rates
	RatingWindow   Duration `yaml:"rating_window" within:"1d..3650d"`
	Response       Duration `yaml:"response" within:"1h..30d"`     // an answer within this counts
	EnforceFrom    int      `yaml:"enforce_from" within:"1..1000"` // ended orders below which the window reaches back further
	ReachBack      Duration `yaml:"reach_back" within:"1d..3650d"`
	DemotionDay    int      `yaml:"demotion_day" within:"1..28"` // of the month, 00:00 UTC
	DemotionNotice Duration `yaml:"demotion_notice" within:"0h..90d"`
	WarningLife    Duration `yaml:"warning_life" within:"1d..3650d"`
	ShareLife      Duration `yaml:"share_life" within:"1h..365d"` // of a link that shows one's figures to a helper
	Levels         []Level  `yaml:"levels"`                       // ascending
}

// WarningUntil is when a warning given at an instant ends.
func (s Standing) WarningUntil(given time.Time) time.Time { return given.Add(s.WarningLife.D()) }

// Level is one rung of the ladder. A zero threshold asks nothing.
type Level struct {
	Name         string   `yaml:"name"`
	Words        string   `yaml:"words"`
	Days         int      `yaml:"days,omitempty" within:"0..36500"`
	Completed    int      `yaml:"completed,omitempty" within:"0..1000000"`
	UniqueBuyers int      `yaml:"unique_buyers,omitempty" within:"0..1000000"`
	Earned       Price    `yaml:"earned,omitempty"`
	Rating       Rating   `yaml:"rating,omitempty"`
	Completion   Percent  `yaml:"completion,omitempty"`
	OnTime       Percent  `yaml:"on_time,omitempty"`
	Response     Percent  `yaml:"response,omitempty"`
	NoWarnings   bool     `yaml:"no_warnings,omitempty"`
	Approval     bool     `yaml:"approval,omitempty"`                    // a person's yes
	Clearance    Duration `yaml:"clearance,omitempty" within:"0h..180d"` // replaces money.clearance
}

// Desk holds the numbers of section 11.
type Desk struct {
	FirstAnswer     Duration `yaml:"first_answer" within:"1h..30d"`
	Appeal          Duration `yaml:"appeal" within:"1h..365d"`
	TwoPersonsAbove Price    `yaml:"two_persons_above"`
}

// Conduct holds the lists of section 12.
type Conduct struct {
	AllowedLinks   []string `yaml:"allowed_links"`
	Messengers     []string `yaml:"messengers"`
	OutsidePayment []string `yaml:"outside_payment"`
}

// Money holds the numbers of section 13.
type Money struct {
	BuyerFee      Percent  `yaml:"buyer_fee"`
	Commission    Percent  `yaml:"commission"`
	TipCommission Percent  `yaml:"tip_commission"`
	Clearance     Duration `yaml:"clearance" within:"0h..180d"` // pending → available
	MinWithdrawal Price    `yaml:"min_withdrawal"`
	MinPrice      Price    `yaml:"min_price"` // of a package
	MaxPrice      Price    `yaml:"max_price"`
}

// Limits holds what a finished product must bound.
type Limits struct {
	GigPictures      int      `yaml:"gig_pictures" within:"1..50"`
	GigTags          int      `yaml:"gig_tags" within:"0..50"`
	GigExtras        int      `yaml:"gig_extras" within:"0..50"`
	GigQuestions     int      `yaml:"gig_questions" within:"0..100"`
	GigFAQ           int      `yaml:"gig_faq" within:"0..100"`
	PackageDays      int      `yaml:"package_days" within:"1..3650"`
	PackageRevisions int      `yaml:"package_revisions" within:"0..100"`
	UploadBytes      int64    `yaml:"upload_bytes" unit:"bytes" within:"1KiB..1TiB"` // of one file
	FilesPerPost     int      `yaml:"files_per_post" within:"1..100"`
	TextRunes        int      `yaml:"text_runes" within:"100..1000000"` // of one message, delivery or answer
	SessionLife      Duration `yaml:"session_life" within:"5m..365d"`
	ResetLife        Duration `yaml:"reset_life" within:"1m..7d"` // of a forgotten-password link
}
