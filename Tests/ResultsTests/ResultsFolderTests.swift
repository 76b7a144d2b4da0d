import Analysis
import Foundation
import Posterior
import Results
import Testing

/// One after the other: the NetCDF library keeps global tables without locks.
@Suite(.serialized)
struct ResultsTests {
    @Suite("Results folder")
    struct ResultsFolderTests {
        func written(_ content: ResultsContent = SyntheticResults.content()) throws -> [String: [UInt8]] {
            let folder = temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try ResultsFolder.write(content, to: folder, digest: digest)
            var files: [String: [UInt8]] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                files[name] = Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
            }
            return files
        }

        /// Lines of cells by RFC 4180, written apart from the code under test.
        func table(_ name: String, in files: [String: [UInt8]]) throws -> (header: String, rows: [[String]]) {
            let text = String(decoding: try #require(files[name]), as: UTF8.self)
            #expect(text.hasSuffix("\n"))
            let lines = text.split(separator: "\n").map(String.init)
            return (lines[0], lines.dropFirst().map(cells))
        }

        func cells(_ line: String) -> [String] {
            var cells = [""]
            var isQuoted = false
            var isAfterQuote = false
            for character in line {
                if character == "\"" {
                    // A second quote directly after one that closed the cell stands for a quote.
                    if isAfterQuote { cells[cells.count - 1].append("\"") }
                    isAfterQuote = isQuoted
                    isQuoted.toggle()
                    continue
                }
                isAfterQuote = false
                if character == ",", !isQuoted { cells.append("") } else { cells[cells.count - 1].append(character) }
            }
            return cells
        }

        @Test("all files are there under the headers of the product's contract, bootstrap.csv only with resamples")
        func files() throws {
            let files = try written()
            #expect(
                Set(files.keys) == [
                    "run.json", "posterior.nc", "summary.csv", "contributions.csv", "channels.csv",
                    "response_curves.csv", "bootstrap.csv", "report.html",
                ])
            let headers = [
                "summary.csv": "parameter,mean,sd,mcse_mean,q05,q50,q95,ess_bulk,ess_tail,r_hat",
                "contributions.csv": "date,geo,component,mean,sd,q05,q50,q95",
                "channels.csv":
                    "channel,spend,contribution_mean,contribution_q05,contribution_q50,contribution_q95,"
                    + "share_mean,share_q05,share_q95,roi_mean,roi_q05,roi_q50,roi_q95,mroi_mean,mroi_q05,mroi_q50,"
                    + "mroi_q95,carryover_mean,margin_roi_mean,margin_roi_q05,margin_roi_q50,margin_roi_q95,"
                    + "profit_mean,payback_weeks_q50",
                "response_curves.csv":
                    "channel,spend,contribution_mean,contribution_q05,contribution_q50,contribution_q95",
                "bootstrap.csv":
                    "quantity,posterior_mean,posterior_sd,bagged_mean,bagged_sd,bagged_q05,bagged_q50,bagged_q95,"
                    + "within_sd,between_sd,robust_sd,mismatch_index,resamples,method",
            ]
            for (name, header) in headers {
                let table = try table(name, in: files)
                #expect(table.header == header)
                let width = header.split(separator: ",").count
                #expect(!table.rows.isEmpty && table.rows.allSatisfy { $0.count == width }, "\(name)")
            }
            #expect(try written(SyntheticResults.content(bootstrap: []))["bootstrap.csv"] == nil)
        }

        @Test("numbers are read back to the bit, a name with quotes and commas is one cell, nothing is an empty cell")
        func numbers() throws {
            let files = try written()
            let rows = try table("channels.csv", in: files).rows
            #expect(rows.map { $0[0] } == SyntheticResults.names)
            for (row, channel) in zip(rows, SyntheticResults.channels) {
                #expect(Double(row[1]) == channel.spend && Double(row[2]) == channel.contribution.mean)
                #expect(Double(row[6]) == channel.share?.mean && Double(row[8]) == channel.share?.q95)
                #expect(Double(row[9]) == channel.roi?.mean && Double(row[13]) == channel.marginalROI?.mean)
                #expect(Double(row[17]) == channel.carryoverMean && Double(row[18]) == channel.marginROI?.mean)
                #expect(Double(row[22]) == channel.profitMean && Double(row[23]) == channel.paybackWeeksQ50)
            }
            #expect(rows[2][9...16].allSatisfy(\.isEmpty) && rows[2][18...23].allSatisfy(\.isEmpty))
            let contributions = try table("contributions.csv", in: files).rows
            #expect(contributions[0][0...2] == ["2024-01-01", "national", "tv"])
            for (row, contribution) in zip(contributions, SyntheticResults.contributions) {
                #expect(Double(row[3]) == contribution.estimate.mean && Double(row[7]) == contribution.estimate.q95)
            }
            let bootstrap = try table("bootstrap.csv", in: files).rows
            #expect(Double(bootstrap[0][11]) == SyntheticResults.bootstrap[0].mismatchIndex && bootstrap[0][12] == "3")
        }

        @Test("what channels drive stands in mediation.csv, which is there for that alone")
        func mediation() throws {
            func estimate(_ mean: Double) -> Estimate {
                Estimate(mean: mean, sd: 9, q05: mean - 2, q50: mean + 1, q95: mean + 3)
            }
            let content = SyntheticResults.content(mediation: [
                MediationRow(
                    channel: "tv", mediator: SyntheticResults.names[1], exposureShare: estimate(10),
                    direct: estimate(20), through: estimate(30), total: estimate(40), directROI: estimate(50),
                    totalROI: estimate(60)),
                MediationRow(
                    channel: "newsletter", mediator: "tv", exposureShare: estimate(1), direct: estimate(2),
                    through: estimate(3), total: estimate(4), directROI: nil, totalROI: nil),
            ])
            let table = try table("mediation.csv", in: written(content))
            #expect(
                table.header
                    == "channel,mediator,exposure_share_mean,exposure_share_q05,exposure_share_q50,exposure_share_q95,"
                    + "direct_mean,direct_q05,direct_q50,direct_q95,through_mean,through_q05,through_q50,through_q95,"
                    + "total_mean,total_q05,total_q50,total_q95,direct_roi_mean,direct_roi_q05,direct_roi_q50,"
                    + "direct_roi_q95,total_roi_mean,total_roi_q05,total_roi_q50,total_roi_q95")
            #expect(table.rows[0][0...1] == ["tv", "réseaux \"A\", B"])
            let means: [Double] = [10, 20, 30, 40, 50, 60]
            let numbers = means.flatMap { mean -> [Double] in [mean, mean - 2, mean + 1, mean + 3] }
            #expect(table.rows[0].dropFirst(2).compactMap(Double.init) == numbers)
            #expect(table.rows[1].count == 26 && table.rows[1].suffix(8).allSatisfy(\.isEmpty))
            #expect(try written()["mediation.csv"] == nil)
        }

        @Test(
            "what figures stand on and which periods carry them have tables of their own, there only where it is known")
        func evidence() throws {
            let evidence = [
                EvidenceRow(
                    quantity: "roi[tv]", decisionStability: 0.75, posteriorSD: 2, jackknifeSD: 1.5, refitSD: 1.25,
                    refitMethod: .map,
                    figures: EvidenceFigures(
                        evidenceRatio: 0.5625, prior: PriorComparison(posterior: [-1, 0, 1], prior: [-4, 0, 4]),
                        residualCorrelation: 0.25), refitMismatchIndex: -0.125),
                EvidenceRow(
                    quantity: "total", decisionStability: nil, posteriorSD: 2, jackknifeSD: 0, refitSD: nil,
                    refitMethod: nil, figures: EvidenceFigures(evidenceRatio: 0, prior: nil, isTested: true),
                    refitMismatchIndex: nil),
            ]
            let influenceRows = [
                InfluenceRow(channel: "tv", rank: 1, date: SyntheticResults.dates[1], contribution: -0.5, roi: nil)
            ]
            let files = try written(
                SyntheticResults.content(
                    sensitivity: [SensitivityRow(name: "alpha", prior: 0.1, likelihood: 0.2, conflict: 3)],
                    evidence: evidence, influence: influenceRows))
            let stability = try table("stability.csv", in: files)
            #expect(
                stability.header
                    == "quantity,grade,data_share,evidence_ratio,variance_share,prior_shift,interval_share,"
                    + "mismatch_index,refit_mismatch_index,residual_correlation,decision_stability,posterior_sd,ij_sd,"
                    + "refit_sd,refit_method")
            let row = stability.rows[0]
            #expect(row[0...1] == ["roi[tv]", "data-driven"])
            // Posterior and prior have intervals of 1.8 and 7.2, so e = 0.5625 and s = 0.0625: R = 0.6.
            let numbers = [0.9, 0.5625, 0.0625, 0, 0.25, -0.25, -0.125, 0.25, 0.75, 2, 1.5, 1.25]
            for (field, number) in zip(row.dropFirst(2), numbers) {
                #expect(abs((Double(field) ?? .nan) - number) < 1e-12, "\(field)")
            }
            #expect(stability.rows.map { $0[14] } == ["map", ""])
            #expect(stability.rows[1][1] == "lift-tested" && stability.rows[1][4...6].allSatisfy(\.isEmpty))
            let influence = try table("influence.csv", in: files)
            #expect(influence.header == "channel,rank,date,contribution,roi,sign")
            #expect(influence.rows == [["tv", "1", "2024-01-08", "-0.5", "", "lowers"]])
            let sensitivity = try table("sensitivity.csv", in: files)
            #expect(sensitivity.header == "quantity,prior,likelihood,conflict,diagnosis")
            #expect(sensitivity.rows == [["alpha", "0.1", "0.2", "3.0", "prior-data conflict"]])
            let without = try written()
            #expect(without["stability.csv"] == nil && without["influence.csv"] == nil)
        }

        @Test("a summary of draws that never vary has empty cells where figures do not exist")
        func constant() throws {
            let content = SyntheticResults.content(
                summaries: [("fixed", Summary(chains: [[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1]]))])
            let row = try table("summary.csv", in: written(content)).rows[0]
            #expect(row[1] == "1.0" && row[9].isEmpty)
        }

        @Test("a name with a line break is quoted, and the folder's own reader gives back every name")
        func reader() throws {
            var channels = SyntheticResults.channels
            channels[0].channel = "a\r\nb"
            let content = SyntheticResults.content(channels: channels)
            let folder = temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try ResultsFolder.write(content, to: folder, digest: digest)
            let text = try String(contentsOfFile: "\(folder)/channels.csv", encoding: .utf8)
            #expect(text.contains("\n\"a\r\nb\",1234.5,"))
            let records = try #require(ResultsFolder.readTable("channels.csv", in: folder))
            #expect(records.dropFirst().map { $0[0] } == ["a\r\nb", "réseaux \"A\", B", "newsletter"])
            #expect(ResultsFolder.readTable("nothing.csv", in: folder) == nil)
        }

        @Test("the manifest vouches for every other file, reads back, and leaves out what is no number")
        func manifest() throws {
            let folder = temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try ResultsFolder.write(SyntheticResults.content(), to: folder, digest: digest)
            let manifest = try #require(try ResultsFolder.readManifest(in: folder))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(Set(manifest.files.keys) == Set(names).subtracting(["run.json"]))
            for (name, expected) in manifest.files {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
                #expect(digest(Array(bytes)) == expected)
            }
            #expect(manifest.seed == .max && manifest.recomputedIterations == 25)
            #expect(manifest.verdict.highestRHat?.name == "roi[tv]" && manifest.verdict.highestRHat?.value == nil)
            #expect(manifest.verdict.lowestEBFMI == nil)
            #expect(try ResultsFolder.readManifest(in: temporaryFolder()) == nil)
        }

        @Test("a folder replaces an older one of its name whole and leaves nothing beside it")
        func replacing() throws {
            let parent = temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: parent) }
            let folder = "\(parent)/fit"
            try ResultsFolder.write(SyntheticResults.content(), to: folder, digest: digest)
            try ResultsFolder.write(SyntheticResults.content(bootstrap: []), to: folder, digest: digest)
            #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["fit"])
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/bootstrap.csv"))
        }

        @Test("what an interrupted replacement left beside the folder is gone after the next, wherever it stopped")
        func interruptedReplacement() throws {
            let manager = FileManager.default
            for isStandingAside in [true, false] {
                let parent = temporaryFolder()
                defer { try? manager.removeItem(atPath: parent) }
                let folder = "\(parent)/fit"
                for leftover in ["\(folder).part.replaced", "\(folder).part"] + (isStandingAside ? [] : [folder]) {
                    try manager.createDirectory(atPath: leftover, withIntermediateDirectories: true)
                    try Data([1]).write(to: URL(fileURLWithPath: "\(leftover)/stale"))
                }
                // What people call their own copies is theirs.
                try manager.createDirectory(atPath: "\(folder).old", withIntermediateDirectories: true)
                try ResultsFolder.write(SyntheticResults.content(), to: folder, digest: digest)
                #expect(try Set(manager.contentsOfDirectory(atPath: parent)) == ["fit", "fit.old"])
                #expect(!manager.fileExists(atPath: "\(folder)/stale"))
                #expect(try ResultsFolder.readManifest(in: folder) != nil)
            }
        }

        @Test("two folders of the same content are equal byte for byte")
        func byteEqual() throws {
            #expect(try written() == written())
        }

        @Test(
            "ArviZ opens the file and its summary is summary.csv to 1e-8",
            .enabled(if: ProcessInfo.processInfo.environment["TUTTI_ARVIZ_PYTHON"] != nil))
        func arviz() throws {
            let folder = temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try ResultsFolder.write(SyntheticResults.content(), to: folder, digest: digest)
            let script = try #require(
                Bundle.module.path(forResource: "check_arviz", ofType: "py", inDirectory: "Resources"))
            let python = Process()
            python.executableURL = URL(
                fileURLWithPath: ProcessInfo.processInfo.environment["TUTTI_ARVIZ_PYTHON"] ?? "python3")
            python.arguments = ["-W", "ignore", script, folder]
            try python.run()
            python.waitUntilExit()
            #expect(python.terminationStatus == 0)
        }
    }
}
