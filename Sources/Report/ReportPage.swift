import ModelDefinition
import Mustache
import Wording

/// One self-contained page for people: no network, nothing of the time at which it was made; its one script computes what a
/// reader's own plan would come to.
package enum ReportPage {
    package static func render(
        _ content: ReportContent, as specification: ReportSpecification = ReportSpecification()
    ) -> String {
        do {
            return try MustacheTemplate(string: PageTemplate.text).render(
                PageContext(
                    content: content, phrases: Phrases(specification.language), audience: specification.audience
                ).values())
        } catch {
            preconditionFailure("the page's template is not valid: \(error)")
        }
    }

    /// The chart of contributions over time as a picture of its own.
    package static func svg(contributionsOf content: ReportContent) -> String {
        Charts(content: content, phrases: Phrases(.english)).contributions(isStandalone: true)
    }

    /// The page's charts, by the phrase that heads them.
    package static func charts(
        _ content: ReportContent, in language: Language = .english
    ) -> [(title: String, svg: String)] {
        let phrases = Phrases(language)
        let charts = Charts(content: content, phrases: phrases)
        var result = [(phrases.contributionsHeading, charts.contributions()), (phrases.fitHeading, charts.fit())]
        if let returns = charts.returns() { result.append((phrases.returnsHeading, returns)) }
        for channel in content.channels {
            if let curve = charts.responseCurve(channel) { result.append((channel.channel, curve)) }
        }
        if let waterfall = charts.waterfall() { result.append((phrases.waterfallHeading, waterfall)) }
        if let decision = content.decision {
            result.append((phrases.allocationHeading, charts.allocation(decision)))
            result.append((phrases.gainHeading, charts.gain(decision)))
        }
        return result
    }
}
