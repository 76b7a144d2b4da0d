import Analysis
import Wording

/// The whole report in one sentence: what media brought, of what, what each unit of the currency returned, and what to move.
struct AnswerSentence {
    let content: ReportContent
    let language: Language

    private var money: MoneyText { MoneyText(currency: content.currency, language: language) }

    var text: String {
        let parts = [brought, returned, moving, caution].compactMap(\.self)
        return parts.joined(separator: language == .french ? "\u{202F}; " : "; ") + "."
    }

    private func kpi(_ value: Double) -> String {
        guard content.kpiIsRevenue else {
            return "\(NumberText.short(value, language)) \(language == .french ? "unités" : "units")"
        }
        return money.short(value)
    }

    private func interval(_ estimate: Estimate) -> String {
        NumberText.interval(estimate.q05, estimate.q95, beside: estimate.mean, language)
    }

    private func decimals(_ estimate: Estimate) -> String {
        NumberText.interval([estimate.q05, estimate.q95].map { NumberText.decimal($0, 2, language) }, language)
    }

    private var brought: String {
        let totals = content.totals
        let share =
            totals.mediaShare.map { " (\(NumberText.percent($0.mean, digits: $0.mean < 0.095 ? 1 : 0, language)))" }
            ?? ""
        let amounts = (kpi(totals.media.mean), interval(totals.media), kpi(totals.fitted.mean))
        return switch language {
        case .english: "Media brought \(amounts.0) \(amounts.1) of \(amounts.2)\(share)"
        case .french: "Les médias ont apporté \(amounts.0) \(amounts.1) sur \(amounts.2)\(share)"
        }
    }

    /// `each euro`, `chaque euro`.
    private var eachUnit: String {
        let names: [String: (String, String)] = [
            "EUR": ("euro", "euro"), "USD": ("dollar", "dollar"), "GBP": ("pound", "livre"), "CHF": ("franc", "franc"),
            "CAD": ("dollar", "dollar"), "AUD": ("dollar", "dollar"), "SEK": ("krona", "couronne"),
            "NOK": ("krone", "couronne"), "DKK": ("krone", "couronne"), "PLN": ("zloty", "zloty"),
            "JPY": ("yen", "yen"),
        ]
        let one = content.currency.isEmpty ? "1" : money.decimal(1, 0)
        return switch language {
        case .english: names[content.currency].map { "each \($0.0)" } ?? "each \(one) spent"
        case .french: names[content.currency].map { "chaque \($0.1)" } ?? "chaque \(one) dépensé"
        }
    }

    private var returned: String? {
        let totals = content.totals
        if let margin = content.margin, let roi = totals.marginROI {
            let share = NumberText.percent(margin, digits: (100 * margin).rounded() == 100 * margin ? 0 : 1, language)
            let amount = "\(money.decimal(roi.mean, 2)) \(decimals(roi))"
            return switch language {
            case .english:
                "at \(content.marginDiffers ? "a mean margin of \(share)" : "a \(share) margin") \(eachUnit) returned \(amount) of margin"
            case .french:
                "à \(share) de marge\(content.marginDiffers ? " moyenne" : ""), \(eachUnit) a rapporté \(amount)"
            }
        }
        guard let roi = totals.roi else { return nil }
        if content.returnsAreMoney {
            let amount = "\(money.decimal(roi.mean, 2)) \(decimals(roi))"
            return switch language {
            case .english: "\(eachUnit) returned \(amount) of revenue"
            case .french: "\(eachUnit) a rapporté \(amount) de chiffre d’affaires"
            }
        }
        let amount = "\(NumberText.decimal(roi.mean, 2, language))"
        return switch language {
        case .english: "\(eachUnit) brought \(amount) units \(decimals(roi))"
        case .french: "\(eachUnit) a apporté \(amount) unités \(decimals(roi))"
        }
    }

    private var moving: String? {
        guard let decision = content.decision, decision.isWorthMoving else { return nil }
        let moved = money.short(decision.moved)
        let gain =
            "\(money.signed(decision.gain.mean)) "
            + NumberText.interval(
                decision.gain.q05, decision.gain.q95, beside: decision.gain.mean, isSigned: true, language)
        let chance = NumberText.chanceWords(decision.chance, language)
        let (from, to) = (names(decision, sign: -1), names(decision, sign: 1))
        return switch language {
        case .english:
            "moving \(moved) from \(from) to \(to) is worth \(gain) of profit next quarter, \(chance) chance of being better"
        case .french:
            """
            déplacer \(moved) de \(from) vers \(to) vaut \(gain) de résultat au prochain trimestre, avec \(chance) de \
            chances de faire mieux
            """
        }
    }

    /// Which of the channels of the move have figures that the data say little of; nil where none has, or nothing is moved.
    private var caution: String? {
        guard let decision = content.decision, decision.isWorthMoving else { return nil }
        let doubtful = Self.moves(decision, sign: -1) + Self.moves(decision, sign: 1)
        let names = doubtful.filter { content.grade(of: $0) == .priorDriven }
        guard !names.isEmpty else { return nil }
        let list = joined(names.prefix(3) + (names.count > 3 ? [language == .french ? "d’autres" : "others"] : []))
        return switch language {
        case .english: "to be confirmed, since the figures of \(list) rest mostly on an assumption"
        case .french: "à confirmer, car les chiffres de \(list) reposent surtout sur une hypothèse de départ"
        }
    }

    /// The channels that more than a tenth of the money is taken from, or given to, the most first.
    private static func moves(_ decision: ReportContent.Decision, sign: Double) -> [String] {
        decision.rows.map { (name: $0.channel, money: sign * ($0.proposed - $0.spend)) }
            .filter { $0.money > 0.1 * decision.moved }.sorted { $0.money > $1.money }.map(\.name)
    }

    private func joined(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + (language == .french ? " et " : " and ") + last
    }

    /// The channels that most is taken from, or given to.
    private func names(_ decision: ReportContent.Decision, sign: Double) -> String {
        let moves = Self.moves(decision, sign: sign)
        return joined(moves.prefix(2) + (moves.count > 2 ? [language == .french ? "d’autres" : "others"] : []))
    }
}
