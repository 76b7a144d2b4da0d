import Analysis
import Posterior
import Recalibration
import Wording

/// The page's words in one language.
@dynamicMemberLookup
struct Phrases: Sendable {
    let language: Language
    private let vocabulary = Vocabulary()

    init(_ language: Language) { self.language = language }

    subscript(dynamicMember word: KeyPath<Vocabulary, Sentence>) -> String { vocabulary[keyPath: word][language] }

    /// Every word by its name, for the template.
    var all: [String: String] {
        var words = ["language": language.rawValue]
        for child in Mirror(reflecting: vocabulary).children {
            if let name = child.label, let sentence = child.value as? Sentence { words[name] = sentence[language] }
        }
        return words
    }

    /// How a line of the reconciliation is called.
    func name(of line: Reconciliation.Line) -> String {
        switch line {
        case .component(let name): componentName(name)
        case .fitted: self.fitted
        case .unknownPeriods: self.unknownPeriods
        case .unexplained: self.unexplained
        case .observed: self.observed
        case .notInData: self.notInData
        case .ledger: self.ledger
        }
    }

    /// A component's own name, or the word for what every model may have.
    func componentName(_ name: String) -> String {
        switch name {
        case "intercept": self.intercept
        case "trend": self.trend
        case "seasonality": self.seasonality
        case "holidays": self.holidays
        default: name
        }
    }

    /// Over contributions of channels, which beside spend and returns may be no money.
    func contributionName(_ content: ReportContent) -> String {
        content.kpiIsRevenue ? self.contribution : "\(self.contribution) (\(self.kpiUnits))"
    }

    /// What a figure stands on.
    func grade(_ grade: EvidenceGrade) -> String {
        switch grade {
        case .liftTested: self.liftTested
        case .dataDriven: self.dataDriven
        case .mixed: self.mixed
        case .priorDriven: self.priorDriven
        case .misspecified: self.misspecified
        }
    }

    /// The same in a word or two, for a table.
    func shortGrade(_ grade: EvidenceGrade) -> String {
        switch grade {
        case .liftTested: self.liftTestedShort
        case .dataDriven: self.dataDrivenShort
        case .mixed: self.mixedShort
        case .priorDriven: self.priorDrivenShort
        case .misspecified: self.misspecifiedShort
        }
    }

    /// `roi[tv]` as readers say it: `ROI, tv`; a parameter's name as it is.
    func quantityName(_ name: String) -> String {
        switch name {
        case "baseline": return self.baseline
        case "total": return self.total
        default: break
        }
        let words = ["contribution": self.contribution, "roi": self.roi, "mroi": self.marginalROI, "lift": self.lift]
        guard let (kind, subject) = QuantityName.parts(of: name), let word = words[kind] else { return name }
        return "\(word), \(subject)"
    }

    /// What a posterior owes to prior and data.
    func diagnosis(_ diagnosis: SensitivityRow.Diagnosis) -> String {
        switch diagnosis {
        case .data: self.owesData
        case .prior: self.owesPrior
        case .both: self.owesBoth
        case .conflict: self.owesConflict
        case .neither: self.owesNeither
        }
    }

    /// Between two windows by their names.
    func dueToSummary(from earlier: String, to later: String) -> String {
        switch language {
        case .english: "What the change of revenue from \(earlier) to \(later) is due to"
        case .french: "À quoi est due l’évolution du chiffre d’affaires de \(earlier) à \(later)"
        }
    }

    /// Of how many geos a table has no row.
    func geosMost(count: String, of all: String, share: String) -> String {
        switch language {
        case .english: "The \(count) geos of \(all) with the most spend, \(share) of all. \(self.geosAll)"
        case .french: "Les \(count) zones sur \(all) qui dépensent le plus, \(share) du total. \(self.geosAll)"
        }
    }

    /// Of periods after those that are told of.
    func heldOutAfter(_ count: Int) -> String {
        switch language {
        case .english: "and \(count) more, held out to check predictions"
        case .french: "et \(count) de plus, pour vérifier les prévisions"
        }
    }

    /// What money is told in, for a heading or a note.
    func returnsNote(_ content: ReportContent) -> String {
        content.returnsAreMoney ? self.moneyReturns : self.unitReturns
    }
}
