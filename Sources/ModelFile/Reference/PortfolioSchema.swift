import Recalibration

/// The JSON Schemas of files that name several models.
package enum PortfolioSchema {
    /// Of a portfolio.
    package static var portfolio: JSONSchema {
        var schema = JSONSchema(kinds: [.object], title: "Portfolio of Tutti", isClosed: true)
        schema.properties = models.merging([PortfolioFile.topKey: named("The portfolio's name.")]) { own, _ in own }
        schema.required = ["models", PortfolioFile.topKey]
        return schema
    }

    /// Of a plan of recalibration.
    package static var recalibration: JSONSchema {
        var schema = JSONSchema(kinds: [.object], title: "Plan of recalibration of Tutti", isClosed: true)
        let number = JSONSchema(kinds: [.number], minimum: 0)
        let gate = JSONSchema(
            kinds: [.object], properties: ["promote": number, "hold": number], required: ["hold", "promote"],
            isClosed: true)
        schema.properties = models.merging([
            RecalibrationFile.topKey: named("The plan's name."),
            "folder": named("Where accepted results and the trail lie."),
            "period": JSONSchema(kinds: [.string], words: PlanPeriod.allCases.map(\.rawValue)),
            "audit": JSONSchema(kinds: [.string], words: RecalibrationFile.Audit.allCases.map(\.rawValue)),
            "notify": JSONSchema(
                kinds: [.object], properties: ["webhook": named("A URL."), "token_file": named("A file.")],
                required: ["webhook"], isClosed: true),
            "gates": JSONSchema(
                kinds: [.object],
                properties: Dictionary(uniqueKeysWithValues: GateFigure.allCases.map { ($0.rawValue, gate) }),
                isClosed: true),
        ]) { own, _ in own }
        schema.required = ["folder", "models", RecalibrationFile.topKey]
        return schema
    }

    private static func named(_ meaning: String) -> JSONSchema {
        var schema = ModelFileSchema.scalar
        schema.meaning = meaning
        return schema
    }

    private static var models: [String: JSONSchema] {
        let fit = Dictionary(uniqueKeysWithValues: PortfolioFile.Settings.keys.map { ($0, setting($0)) })
        let entry = JSONSchema(
            kinds: [.object],
            properties: fit.merging([
                "name": named("What the model is called here."), "model": named("The path of a model file."),
            ]) { own, _ in own },
            required: ["model"], isClosed: true)
        return [
            "settings": JSONSchema(kinds: [.object], properties: fit, isClosed: true),
            "models": JSONSchema(kinds: [.array], items: [entry], itemCounts: 1...PortfolioFile.modelsMax),
        ]
    }

    /// As the model file has it, where it has one of this name.
    private static func setting(_ key: String) -> JSONSchema {
        let own = ["sampling.\(key)", "resampling.\(key)"].lazy.compactMap(ModelFileReference.key).first
        if let own { return ModelFileSchema.value(of: own) }
        let words = JSONSchema(kinds: [.array], items: [ModelFileSchema.scalar])
        return JSONSchema(alternatives: [ModelFileSchema.scalar, words])
    }
}
