import CNetCDF
import Foundation
import Results
import Testing

extension ResultsTests {
    @Suite("NetCDF files")
    struct NetCDFFileTests {
        @Test("numbers, labels, dates and flags are read back by the C library as they were written")
        func roundTrip() throws {
            let path = temporaryFolder() + ".nc"
            defer { try? FileManager.default.removeItem(atPath: path) }
            try NetCDFFile.write(groups: SyntheticResults.groups, attributes: [("library", "tutti")], to: path)

            var file: Int32 = 0
            try #require(nc_open(path, NC_NOWRITE, &file) == NC_NOERR)
            defer { nc_close(file) }
            func place(_ group: String, _ name: String) throws -> (group: Int32, variable: Int32) {
                var groupID: Int32 = 0
                var id: Int32 = 0
                try #require(nc_inq_grp_ncid(file, group, &groupID) == NC_NOERR)
                try #require(nc_inq_varid(groupID, name, &id) == NC_NOERR)
                return (groupID, id)
            }
            let alpha = try place("posterior", "alpha")
            var numbers = [Double](repeating: 0, count: SyntheticResults.alpha.values.count)
            nc_get_var_double(alpha.group, alpha.variable, &numbers)
            #expect(numbers == SyntheticResults.alpha.values)
            var dimensionCount: Int32 = 0
            nc_inq_varndims(alpha.group, alpha.variable, &dimensionCount)
            #expect(dimensionCount == 3)

            let channel = try place("posterior", "channel")
            var words = [UnsafeMutablePointer<CChar>?](repeating: nil, count: 3)
            nc_get_var_string(channel.group, channel.variable, &words)
            #expect(words.compactMap { $0.map { String(cString: $0) } } == SyntheticResults.names)
            nc_free_string(3, &words)

            let depth = try place("sample_stats", "tree_depth")
            var depths = [CLongLong](repeating: -1, count: 1000)
            nc_get_var_longlong(depth.group, depth.variable, &depths)
            #expect(depths == (0..<1000).map { $0 % 5 })
            let diverging = try place("sample_stats", "diverging")
            var flags = [Int8](repeating: 9, count: 1000)
            nc_get_var_schar(diverging.group, diverging.variable, &flags)
            #expect(flags == (0..<1000).map { $0 % 3 == 0 ? 1 : 0 })
            #expect(text("dtype", of: diverging) == "bool")

            let date = try place("observed_data", "date")
            var days = [CLongLong](repeating: -1, count: 5)
            nc_get_var_longlong(date.group, date.variable, &days)
            #expect(days == [19_723, 19_730, 19_737, 19_744, 19_751])
            #expect(text("units", of: date) == "days since 1970-01-01")
            #expect(text("calendar", of: date) == "proleptic_gregorian")
            let kpi = try place("observed_data", "kpi")
            var observed = [Double](repeating: 0, count: 5)
            nc_get_var_double(kpi.group, kpi.variable, &observed)
            #expect(observed == [1, 2, 3, 4, -.infinity])
        }

        private func text(_ attribute: String, of place: (group: Int32, variable: Int32)) -> String {
            var length = 0
            nc_inq_attlen(place.group, place.variable, attribute, &length)
            var bytes = [CChar](repeating: 0, count: length)
            nc_get_att_text(place.group, place.variable, attribute, &bytes)
            return String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        @Test("files written at the same time are each what one alone would be")
        func concurrency() async throws {
            let paths = (0..<8).map { _ in temporaryFolder() + ".nc" }
            defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
            try await withThrowingTaskGroup { group in
                for path in paths {
                    group.addTask {
                        try NetCDFFile.write(groups: SyntheticResults.groups, attributes: [], to: path)
                    }
                }
                try await group.waitForAll()
            }
            let files = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
            #expect(files.allSatisfy { $0 == files[0] })
        }

        @Test("a path that cannot be written is an error that names it")
        func badPath() {
            let error = #expect(throws: NetCDFError.self) {
                try NetCDFFile.write(groups: [], attributes: [], to: "/nonexistent/folder/x.nc")
            }
            #expect(error?.description.contains("/nonexistent/folder/x.nc") == true)
        }

        @Test("values that do not fill their dimensions stop the program before the library reads past them")
        func shortValues() async {
            await #expect(processExitsWith: .failure) {
                let group = NetCDFGroup(
                    name: "g", dimensions: [NetCDFDimension(name: "draw", labels: .index(3))],
                    variables: [NetCDFVariable(name: "x", dimensions: ["draw"], values: .doubles([1, 2]))])
                try NetCDFFile.write(groups: [group], attributes: [], to: temporaryFolder() + ".nc")
            }
        }
    }
}
