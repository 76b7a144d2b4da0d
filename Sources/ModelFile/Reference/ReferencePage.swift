import ModelDefinition

/// The reference of the model file as Markdown, made from the table that the reader uses.
package enum ReferencePage {
    package static var markdown: String {
        let title = [
            "# Reference of the model file", "",
            "Every key with its type, unit, default and an example. This page is what `tutti reference` prints; "
                + "`tutti validate --explain MODEL.yaml` prints the part that a model uses. A key that is not here is an "
                + "error.",
            "",
            "`[]` stands for an entry of a list, `*` for the name of a parameter. Where presets differ, defaults are "
                + "given in the order \(Preset.allCases.map(\.rawValue).joined(separator: ", ")).", "",
        ]
        return (title + sections.flatMap(section) + distributions + parameters).joined(separator: "\n") + "\n"
    }

    /// One line a key, then one a parameter that has a prior, as far as the model uses them, in the order of the reference.
    ///
    /// - Parameters:
    ///   - used: what the model file says.
    ///   - preset: the model's, whose defaults are given.
    package static func explanation(of used: UsedKeys, preset: Preset) -> String {
        let place = Preset.allCases.firstIndex(of: preset) ?? 0
        let keys = ModelFileReference.keys.filter { used.paths.contains($0.path) }.map { key in
            let unit = key.unit.isEmpty ? "" : " (\(key.unit))"
            let standard =
                if case .byPreset(let texts) = key.standard { texts[place] } else { standard(key.standard) }
            return "\(key.path): \(type(key.domain))\(unit). \(key.meaning) Default: \(standard)."
        }
        let parameters = ParameterReference.all.filter { used.parameters.contains($0.name) }.map { parameter in
            "prior of \(parameter.name): \(parameter.domain). \(parameter.meaning) Default: \(parameter.priors[place])."
        }
        return (keys + parameters).joined(separator: "\n")
    }

    /// Sections in the order of their first key.
    private static var sections: [String] {
        ModelFileReference.keys.reduce(into: []) { sections, key in
            if !sections.contains(key.section) { sections.append(key.section) }
        }
    }

    private static func section(_ section: String) -> [String] {
        let rows = ModelFileReference.keys.filter { $0.section == section }.map { key in
            row([
                "`\(key.word)`", type(key.domain), key.unit, standard(key.standard), "`\(key.word): \(key.example)`",
                key.meaning,
            ])
        }
        return ["## \(section.isEmpty ? "At the top" : "`\(section)`")", ""]
            + header(["key", "type", "unit", "default", "example", "meaning"]) + rows + [""]
    }

    private static func type(_ domain: ModelFileKey.Domain) -> String {
        switch domain {
        case .text: "text"
        case .column: "a column's name"
        case .columns: "columns' names"
        case .names: "names"
        case .date: "date, YYYY-MM-DD"
        case .dates: "dates, YYYY-MM-DD"
        case .boolean: "true or false"
        case .integer(let range): "whole number, \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): words(range)
        case .words(let words): words.joined(separator: ", ")
        case .mapping: "mapping"
        case .mappings: "list of mappings"
        case .prior: "distribution or number"
        case .priors: "distributions by parameter"
        case .either(let words): words
        }
    }

    /// A bound that no number comes near is none.
    private static func words(_ range: ClosedRange<Double>) -> String {
        guard range.upperBound >= 1e15 else { return "number, \(text(range.lowerBound)) to \(text(range.upperBound))" }
        if range.lowerBound < 0 { return "number" }
        return range.lowerBound == 0 ? "number, 0 or more" : "number above 0"
    }

    private static func text(_ value: Double) -> String {
        abs(value) < 1e6 && value == value.rounded() ? "\(Int(value))" : "\(value)"
    }

    private static func standard(_ standard: ModelFileKey.Default) -> String {
        switch standard {
        case .required: "required"
        case .none: "none"
        case .value(let text): text
        case .byPreset(let texts): Set(texts).count == 1 ? texts[0] : texts.joined(separator: "; ")
        }
    }

    private static var distributions: [String] {
        ["## Distributions", "", "A number alone fixes a parameter, which is then not sampled.", ""]
            + header(["distribution", "arguments"])
            + PriorReader.forms.map { form in
                row(["`{\(form.name): [\(form.arguments.joined(separator: ", "))]}`", meaning(of: form.name)])
            } + [""]
    }

    private static func meaning(of distribution: String) -> String {
        switch distribution {
        case "normal": "Mean and standard deviation above 0."
        case "half_normal": "The size of a normal of mean 0; scale above 0 is the standard deviation of that normal."
        case "lognormal": "Mean and standard deviation of the logarithm; the median is e^mean."
        case "shifted_lognormal": "The same beyond a shift."
        case "laplace": "Mean, and scale above 0: the density is e^(−|v − mean|/scale)/(2 scale)."
        case "beta": "Both above 0; the mean is a/(a + b)."
        case "gamma": "Shape and rate above 0; the mean is shape/rate."
        case "inverse_gamma": "Shape and scale above 0; the mean is scale/(shape − 1) for a shape above 1."
        case "exponential": "Rate above 0; the mean is 1/rate."
        case "truncated_normal": "Mean and standard deviation before the cut, and the bounds."
        case "uniform": "Bounds, the lower first."
        default: "A fixed value."
        }
    }

    private static var parameters: [String] {
        [
            "## Parameters", "",
            "What `prior` may name, with the default prior of each preset for weekly data and its own saturation and "
                + "likelihood; other periods, curves, likelihoods and channels with `reach` have others, which `tutti "
                + "validate` prints. One prior of a coefficient, as `control`, is that of all of them. Coefficients are about "
                + "the KPI and the media as the model scales them (Architecture.md says how).",
            "",
            "`tutti validate` and results write coefficients with `gamma_` before them, as `gamma_control[price]`; the "
                + "presets `pymc-marketing` and `meridian` have those programs' names there, and take them here too.",
            "",
        ]
            + header(["parameter", "values", "meaning"] + Preset.allCases.map(\.rawValue))
            + ParameterReference.all.map { parameter in
                row(["`\(parameter.name)`", parameter.domain, parameter.meaning] + parameter.priors.map { "`\($0)`" })
            }
    }

    private static func header(_ words: [String]) -> [String] { [row(words), row(words.map { _ in "---" })] }

    private static func row(_ cells: [String]) -> String {
        "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |"
    }
}
