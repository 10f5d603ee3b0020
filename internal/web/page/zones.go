package page

import (
	"slices"
	"strings"
	"time"

	"guildhall/internal/web/kit"
)

// zoneNames are the places of the IANA list that people live by, one per
// distinct clock or large country; every other name is accepted too.
const zoneNames = `UTC
Africa/Abidjan Africa/Accra Africa/Addis_Ababa Africa/Algiers Africa/Cairo Africa/Casablanca Africa/Dakar Africa/Dar_es_Salaam Africa/Harare Africa/Johannesburg Africa/Kampala Africa/Khartoum Africa/Kigali Africa/Kinshasa Africa/Lagos Africa/Luanda Africa/Lusaka Africa/Maputo Africa/Nairobi Africa/Tripoli Africa/Tunis Africa/Windhoek
America/Anchorage America/Argentina/Buenos_Aires America/Asuncion America/Bogota America/Caracas America/Chicago America/Costa_Rica America/Denver America/El_Salvador America/Guatemala America/Guayaquil America/Halifax America/Havana America/Jamaica America/La_Paz America/Lima America/Los_Angeles America/Managua America/Mexico_City America/Montevideo America/New_York America/Panama America/Phoenix America/Puerto_Rico America/Regina America/Santiago America/Santo_Domingo America/Sao_Paulo America/St_Johns America/Tegucigalpa America/Tijuana America/Toronto America/Vancouver America/Winnipeg
Asia/Almaty Asia/Amman Asia/Baghdad Asia/Bahrain Asia/Baku Asia/Bangkok Asia/Beirut Asia/Bishkek Asia/Colombo Asia/Damascus Asia/Dhaka Asia/Dubai Asia/Ho_Chi_Minh Asia/Hong_Kong Asia/Jakarta Asia/Jerusalem Asia/Kabul Asia/Karachi Asia/Kathmandu Asia/Kolkata Asia/Kuala_Lumpur Asia/Kuwait Asia/Manila Asia/Muscat Asia/Novosibirsk Asia/Phnom_Penh Asia/Qatar Asia/Riyadh Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Tashkent Asia/Tbilisi Asia/Tehran Asia/Tokyo Asia/Ulaanbaatar Asia/Vladivostok Asia/Yangon Asia/Yekaterinburg Asia/Yerevan
Atlantic/Azores Atlantic/Cape_Verde Atlantic/Reykjavik
Australia/Adelaide Australia/Brisbane Australia/Darwin Australia/Hobart Australia/Melbourne Australia/Perth Australia/Sydney
Europe/Amsterdam Europe/Athens Europe/Belgrade Europe/Berlin Europe/Brussels Europe/Bucharest Europe/Budapest Europe/Chisinau Europe/Copenhagen Europe/Dublin Europe/Helsinki Europe/Istanbul Europe/Kyiv Europe/Lisbon Europe/Ljubljana Europe/London Europe/Luxembourg Europe/Madrid Europe/Malta Europe/Minsk Europe/Moscow Europe/Oslo Europe/Paris Europe/Prague Europe/Riga Europe/Rome Europe/Sarajevo Europe/Skopje Europe/Sofia Europe/Stockholm Europe/Tallinn Europe/Tirane Europe/Vienna Europe/Vilnius Europe/Warsaw Europe/Zagreb Europe/Zurich
Pacific/Auckland Pacific/Fiji Pacific/Guam Pacific/Honolulu Pacific/Noumea Pacific/Port_Moresby Pacific/Tongatapu`

var zones = func() []kit.Option {
	var list []kit.Option
	for _, name := range strings.Fields(zoneNames) {
		if _, err := time.LoadLocation(name); err == nil {
			list = append(list, zone(name))
		}
	}
	return list
}()

func zone(name string) kit.Option {
	region, city, ok := strings.Cut(name, "/")
	if !ok {
		region, city = "", name
	}
	return kit.Option{Value: name, Label: strings.ReplaceAll(city, "_", " "), Group: region}
}

// Zones are the time zones to choose from, and the one that is chosen: a
// browser may name one that is not among them (Asia/Calcutta), and a list
// without it would choose another by itself.
func Zones(chosen string) []kit.Option {
	if _, err := time.LoadLocation(chosen); err != nil || chosen == "" || slices.ContainsFunc(zones, func(o kit.Option) bool { return o.Value == chosen }) {
		return zones
	}
	other := zone(chosen)
	at := len(zones)
	for i, o := range zones {
		if o.Group == other.Group {
			at = i + 1
		}
	}
	return slices.Insert(slices.Clone(zones), at, other)
}
