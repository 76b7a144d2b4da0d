/// Draws as CmdStan writes them, a file a chain, for tools that read its output (CmdStan's guide, "Stan CSV File Format").
///
/// Columns are the sampler's statistics, then every variable of `posterior.nc`, an array in column-major order with indices
/// from 1: `alpha.1`. A comment says which label each index stands for.
package enum CmdStanFiles {
    /// What stands in front, and what it is in `posterior.nc`.
    private static let statistics: [(column: String, field: ResultField)] = [
        ("lp__", PosteriorFile.logDensity), ("accept_stat__", PosteriorFile.acceptanceRate),
        ("stepsize__", PosteriorFile.stepSize), ("treedepth__", PosteriorFile.treeDepth),
        ("n_leapfrog__", PosteriorFile.leapfrogs), ("divergent__", PosteriorFile.diverging),
        ("energy__", PosteriorFile.energy),
    ]

    private struct Column {
        let name: String
        let label: String?
        let isWhole: Bool
        /// Numbers of its variable a draw, and its place among them.
        let width: Int
        let place: Int
        /// Chain-major over all draws of all chains.
        let values: [Double]
    }

    /// The texts of the files, by chain.
    ///
    /// - Parameters:
    ///   - path: of a `posterior.nc`.
    ///   - warmup: iterations before the first draw.
    package static func texts(of path: String, manifest: Manifest, warmup: Int) throws(NetCDFError) -> [String] {
        let reader = try NetCDFReader(path)
        var columns: [Column] = []
        for (name, field) in statistics {
            let values = try reader.doubles(field.name, in: "sample_stats")
            columns.append(
                Column(
                    name: name, label: nil, isWhole: field.kind != .number, width: 1, place: 0, values: values))
        }
        var (chains, draws) = (0, 0)
        for variable in try reader.drawVariables(in: "posterior") {
            (chains, draws) = (variable.shape[0], variable.shape[1])
            columns += try Self.columns(of: variable, reader)
        }
        return (0..<chains).map { chain in
            text(columns, chain: chain, draws: draws, head: head(manifest, columns, chain: chain, draws: draws, warmup))
        }
    }

    private static func columns(
        of variable: NetCDFReader.Variable, _ reader: NetCDFReader
    ) throws(NetCDFError) -> [Column] {
        let values = try reader.doubles(variable.name, in: "posterior")
        let lengths = Array(variable.shape.dropFirst(2))
        var labels: [[String]] = []
        for dimension in variable.dimensions { labels.append(try reader.labels(dimension, in: "posterior")) }
        let width = lengths.reduce(1, *)
        let name = identifier(variable.name)
        return (0..<width).map { order in
            // The first index runs fastest in CmdStan, the last one in NetCDF.
            var (rest, place) = (order, 0)
            var indices: [Int] = []
            for length in lengths {
                indices.append(rest % length)
                rest /= length
            }
            for (index, length) in zip(indices, lengths) { place = place * length + index }
            let words = zip(labels, indices).map { $0[$1] }
            return Column(
                name: ([name] + indices.map { String($0 + 1) }).joined(separator: "."),
                label: words.isEmpty ? nil : "\(variable.name)[\(words.joined(separator: ","))]",
                isWhole: false, width: width, place: place, values: values)
        }
    }

    /// A name of Stan's: letters, digits and underscores.
    private static func identifier(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    private static func head(
        _ manifest: Manifest, _ columns: [Column], chain: Int, draws: Int, _ warmup: Int
    ) -> [String] {
        [
            "# model = \(identifier(manifest.name))_model", "# method = sample (Default)", "#   sample",
            "#     num_samples = \(draws)", "#     num_warmup = \(warmup)", "#     save_warmup = 0 (Default)",
            "#     thin = 1 (Default)", "#     algorithm = hmc (Default)", "#       hmc",
            "#         engine = nuts (Default)",
            "# id = \(chain + 1)", "# random", "#   seed = \(manifest.seed)", "# written by Tutti; labels of indices:",
        ]
            + columns.compactMap { column in column.label.map { "# \(column.name) is \($0)" } }
    }

    private static func number(_ value: Double, isWhole: Bool) -> String {
        isWhole ? "\(Int(value))" : value.isInfinite ? (value > 0 ? "inf" : "-inf") : "\(value)"
    }

    private static func text(_ columns: [Column], chain: Int, draws: Int, head: [String]) -> String {
        let stepSize = columns[2].values[chain * draws]
        var lines = head + [columns.map(\.name).joined(separator: ",")]
        lines += ["# Adaptation terminated", "# Step size = \(stepSize)"]
        for draw in chain * draws..<(chain + 1) * draws {
            lines.append(
                columns.map { number($0.values[draw * $0.width + $0.place], isWhole: $0.isWhole) }
                    .joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
