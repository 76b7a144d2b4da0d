import Analysis
import MarketingMix
import ModelDefinition
import ModelFile
import Wording

extension DataChecks {
    /// Correlation from which on a channel looks like one that another drives: a third and more of what the baseline leaves
    /// of its exposure goes with the other's work.
    private static let drivenCorrelationMin = 0.6
    /// And that many times 1/√(free values), so that short series do not warn by chance. Of independent series of two years
    /// at most one pair in a thousand is beyond both, even where 0.8 of a week's deviation stays for the next.
    private static let drivenErrorsMin = 4.0
    /// Different values of a control up to which it is a mark of dates, and no measure.
    private static let drivenLevelsMin = 5

    /// Performance channels whose exposure follows what a brand channel does, and of which nobody said so.
    ///
    /// Compared are exposure and the brand channel's response at the means of its priors, carry-over included, with the
    /// columns of the KPI's baseline taken out of both.
    var undeclaredMediators: [Problem] {
        let channels = read.specification.channels
        let brands = channels.indices.filter { channels[$0].kind == .brand }
        guard !brands.isEmpty, channels.contains(where: { $0.kind == .performance }) else { return [] }
        let model = MarketingMixModel(specification: read.specification, dataset: data)
        let draw = ModelDraw(model, model.priorMeans)
        var baseline: MediatorEquation.Baseline?
        return channels.indices.compactMap { index in
            let drivers = brands.filter { !channels[$0].drives.contains(index) }
            guard channels[index].kind == .performance, !drivers.isEmpty else { return nil }
            let equation = MediatorEquation(model, mediator: index, drivers: drivers, baseline: baseline)
            baseline = equation.baseline
            let correlations = equation.correlations(at: draw)
            guard equation.freedom > 0,
                let best = correlations.indices.max(by: { correlations[$0] < correlations[$1] }),
                correlations[best]
                    >= max(Self.drivenCorrelationMin, Self.drivenErrorsMin / equation.freedom.squareRoot())
            else { return nil }
            return likelyMediator(index, of: drivers[best], correlation: correlations[best])
        }
    }

    private func likelyMediator(_ index: Int, of driver: Int, correlation: Double) -> Problem {
        let (name, brand) = (read.specification.channels[index].name, read.specification.channels[driver].name)
        let hasExposure = read.channels[index].exposure != nil
        let declaration = "write `drives: [\(name)]` in channel '\(brand)'"
        return problem(
            column(ofChannel: index),
            "channel '\(name)' goes with what channel '\(brand)' does (correlation \(Self.words(correlation)) beyond "
                + "trend, season and controls). If '\(brand)' makes people use it, part of what '\(brand)' brings is "
                + "counted for '\(name)'; or the two are planned together.",
            mend:
                "\(declaration) if people come that way\(hasExposure ? "" : ", and name its `exposure`"); if the two are "
                + "planned together, nothing is to be declared.",
            french: """
                suit ce que fait le canal « \(code: brand) » (corrélation \(Self.words(correlation)) au-delà de la \
                tendance, de la saison et des variables de contrôle). Si « \(code: brand) » y mène les gens, une \
                part de ce qu’il apporte est comptée ici ; ou bien les deux sont planifiés ensemble. Écrivez \
                `drives: [\(code: name)]` dans « \(code: brand) » si les gens viennent par là\
                \(hasExposure ? "" : ", et nommez la colonne `exposure` de ce canal") ; si les deux sont planifiés \
                ensemble, il n’y a rien à déclarer.
                """
        )
    }

    private static let drivenColumnsMax = 60

    /// Controls and treatments that follow what channels do, as brand queries follow television: they take what the
    /// channel brought.
    ///
    /// Only brand channels are looked at, and models of no more columns than can be looked at in a moment: each asks for a
    /// decomposition of all the others.
    var drivenControls: [Problem] {
        let linear = columns.filter { $0.isLinear && Set($0.values).count > Self.drivenLevelsMin }
        guard !linear.isEmpty, columns.count <= Self.drivenColumnsMax else { return [] }
        let channels = read.specification.channels
        let drivers = channels.indices.filter { channels[$0].longTermOf == nil && channels[$0].kind == .brand }
        guard !drivers.isEmpty else { return [] }
        let model = MarketingMixModel(specification: read.specification, dataset: data)
        let draw = ModelDraw(model, model.priorMeans)
        return linear.compactMap { column in
            let (correlations, freedom) = MediatorEquation.correlations(
                ofColumn: column.name, values: column.values, with: drivers, at: draw)
            guard freedom > 0, let best = correlations.indices.max(by: { correlations[$0] < correlations[$1] }),
                correlations[best] >= max(Self.drivenCorrelationMin, Self.drivenErrorsMin / freedom.squareRoot())
            else { return nil }
            let driver = channels[drivers[best]].name
            return problem(
                column,
                "\(column.words) goes with what channel '\(driver)' does (correlation \(Self.words(correlations[best])) "
                    + "beyond trend, season and the other columns). If '\(driver)' moves it, it takes what '\(driver)' "
                    + "brought.",
                mend: "remove it from `\(column.block)` if media move it, or make it an organic channel that "
                    + "'\(driver)' drives; if the two are only planned together, nothing is to be done.",
                french: """
                    suit ce que fait le canal « \(code: driver) » (corrélation \(Self.words(correlations[best])) \
                    au-delà de la tendance, de la saison et des autres colonnes). Si ce canal la fait bouger, elle \
                    prend ce qu’il a apporté. Retirez-la de `\(code: column.block)` si les médias la font bouger, ou \
                    faites-en un canal non payant que « \(code: driver) » entraîne ; si les deux sont seulement \
                    planifiés ensemble, il n’y a rien à faire.
                    """
            )
        }
    }

    /// Lift tests of channels that drive others: what was measured came also through those.
    var experimentsOnDrivers: [Problem] {
        let channels = read.specification.channels
        return (read.experiments(.likelihood) + read.experiments(.prior)).compactMap { stated in
            let experiment = stated.experiment
            let tested = Set(experiment.channels)
            guard let driver = tested.sorted().first(where: { !tested.isSuperset(of: channels[$0].drives) }) else {
                return nil
            }
            let driven = channels[driver].drives.map { "'\(channels[$0].name)'" }.joined(separator: ", ")
            let frenchDriven = channels[driver].drives.map { index -> FrenchText in "« \(code: channels[index].name) »"
            }
            .map(\.text).joined(separator: ", ")
            return Problem(
                file: modelFile, line: stated.line,
                message:
                    "experiment '\(experiment.name)' tested '\(channels[driver].name)', which drives \(driven): the "
                    + "lift holds what came that way, and is compared with the direct effect alone.",
                mend: "state the lift without that part; otherwise the direct effect comes out too high.",
                french: """
                    l’expérience « \(code: experiment.name) » a testé « \(code: channels[driver].name) », qui \
                    entraîne \(code: frenchDriven) : le lift contient ce qui est venu par là, et n’est comparé qu’à \
                    l’effet direct. Donnez le lift sans cette part ; sinon l’effet direct sort trop haut.
                    """
            )
        }
    }
}
