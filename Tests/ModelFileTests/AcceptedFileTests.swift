import ModelDefinition
import ModelFile
import Testing

@Suite("the file of an accepted fit")
struct AcceptedFileTests {
    private static let fit = AcceptedFit(
        kpi: AcceptedFit.Standard(mean: 100, scale: 10), channels: ["tv": 3], controls: [:], treatments: [:],
        population: [:], firstDate: CalendarDate(year: 2024, month: 1, day: 1)!, periodCount: 8,
        draws: AcceptedFit.Draws(names: ["sigma"], values: [[0.5], [0.25]], chainCount: 1, stepSize: 0.1))

    private func bundle(_ lines: String, accepted: [UInt8]?) -> ModelBundle {
        let model = """
            tutti: 1
            data: {sources: [{file: data.csv}], date: date, frequency: week}
            kpi: {column: sales}
            channels: [{name: tv, spend: tv}]
            \(lines)
            """
        let rows = (0..<8).map {
            "\(CalendarDate(year: 2024, month: 1, day: 1)!.advanced(by: 7 * $0)),\(100 + $0),\($0 % 3)"
        }
        let data = (["date,sales,tv"] + rows).joined(separator: "\n") + "\n"
        return ModelBundle(
            modelName: "model.yaml", model: Array(model.utf8),
            files: [("data.csv", Array(data.utf8))] + (accepted.map { [("accepted.json", $0)] } ?? []))
    }

    private func problem(_ lines: String, accepted: [UInt8]?) -> String {
        do {
            _ = try ModelFileReader.read(bundle(lines, accepted: accepted))
            return ""
        } catch {
            return error.problems.map(\.description).joined(separator: "\n")
        }
    }

    @Test("comes back from its bytes, to the bit")
    func roundTrip() throws {
        let read = try ModelFileReader.read(
            bundle("accepted: accepted.json", accepted: try AcceptedFile.bytes(Self.fit)))
        #expect(read.specification.accepted == Self.fit)
    }

    @Test("that is missing, damaged or no such file is one problem with its line")
    func damaged() throws {
        var infinite = Self.fit
        infinite.channels["tv"] = 0
        var ragged = Self.fit
        ragged.draws?.values.append([])
        let files: [([UInt8]?, String)] = [
            (nil, "cannot be read"), (Array("{}".utf8), "not one of an accepted fit"),
            (Array(try AcceptedFile.bytes(Self.fit).dropLast(9)), "not one of an accepted fit"),
            (try AcceptedFile.bytes(infinite), "damaged"), (try AcceptedFile.bytes(ragged), "damaged"),
        ]
        for (bytes, words) in files {
            let text = problem("accepted: accepted.json", accepted: bytes)
            #expect(text.hasPrefix("model.yaml:5: ") && text.contains(words), "\(text)")
        }
    }

    @Test("has to be there for a warm start")
    func warm() throws {
        #expect(problem("sampling: {start: warm}", accepted: nil).contains("no accepted fit"))
        #expect(
            problem("accepted: accepted.json\nsampling: {start: warm}", accepted: try AcceptedFile.bytes(Self.fit))
                == "")
    }
}
