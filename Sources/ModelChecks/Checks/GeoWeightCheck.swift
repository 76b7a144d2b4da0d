import ModelDefinition
import ModelFile

extension DataChecks {
    /// Resamples of geos are to say how the answer varies between geos, which a few geos do not.
    var fewGeosToWeigh: [Problem] {
        let scheme = read.specification.resampling.scheme
        guard scheme.weighsGeos, data.geoCount < ResampleScheme.geosEnough else { return [] }
        return [
            Problem(
                file: modelFile,
                message: "'resampling.scheme: \(scheme.rawValue)' weighs geos, and the data have \(data.geoCount): "
                    + "from fewer than \(ResampleScheme.geosEnough) the spread between resamples is a guess.",
                mend: "write `scheme: block_gamma`, which weighs periods.",
                french: """
                    `resampling.scheme: \(code: scheme.rawValue)` pèse les zones, et les données n’en ont que \
                    \(data.geoCount) : à moins de \(ResampleScheme.geosEnough), la dispersion entre rééchantillons \
                    est une conjecture. Écrivez `scheme: block_gamma`, qui pèse les périodes.
                    """
            )
        ]
    }
}
