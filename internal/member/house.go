package member

import "guildhall/internal/fault"

// Unbar opens a closed login again. Errors: fault.Conflict when it is open.
func (m Member) Unbar() (Member, error) {
	if !m.Suspended() {
		return m, fault.Conflict("This account is not suspended.")
	}
	m.Barred = Bar{}
	return m, nil
}

// Staff tells whether the member works for the house.
func (m Member) Staff() bool { return m.Agent || m.Operator }

// NeedAgent refuses everybody who does not work the support desk; who runs the
// house may. Errors: fault.SignIn, fault.NotFound: to others the desk does not
// exist.
func (a Actor) NeedAgent() error {
	switch {
	case !a.SignedIn():
		return fault.SignIn("Please sign in first.")
	case a.Role != RoleAgent && a.Role != RoleOperator, !a.May(ScopeManage):
		return fault.NotFound("There is nothing here.")
	}
	return nil
}
