import CNetCDF
import Glibc

/// A NetCDF-4 file that this program has written, opened to be read.
package final class NetCDFReader {
    private let file: Int32

    package init(_ path: String) throws(NetCDFError) {
        file = try NetCDFFile.exclusively { () throws(NetCDFError) in
            _ = Self.silence?(0, nil, nil)
            var file: Int32 = 0
            try NetCDFFile.call("open \(path)", nc_open(path, NC_NOWRITE, &file))
            return file
        }
    }

    /// H5Eset_auto2 of the library below: it prints every attribute that it looks for in vain, on each thread that has not
    /// asked it not to, and NetCDF asks on the first thread alone.
    private static let silence = dlsym(nil, "H5Eset_auto2").map {
        unsafeBitCast(
            $0, to: (@convention(c) (Int64, UnsafeRawPointer?, UnsafeMutableRawPointer?) -> CInt).self)
    }

    deinit {
        NetCDFFile.exclusively { _ = nc_close(file) }
    }

    /// The numbers of a variable, row-major over its dimensions.
    package func doubles(_ name: String, in group: String) throws(NetCDFError) -> [Double] {
        try NetCDFFile.exclusively { () throws(NetCDFError) in
            _ = Self.silence?(0, nil, nil)
            let (groupID, variable) = try place(of: name, in: group)
            var values = [Double](repeating: 0, count: try count(of: variable, name, in: groupID))
            try NetCDFFile.call("read \(group)/\(name)", nc_get_var_double(groupID, variable, &values))
            return values
        }
    }

    /// The labels of a dimension.
    package func labels(_ dimension: String, in group: String) throws(NetCDFError) -> [String] {
        try NetCDFFile.exclusively { () throws(NetCDFError) in
            _ = Self.silence?(0, nil, nil)
            let (groupID, variable) = try place(of: dimension, in: group)
            var kind: nc_type = 0
            try NetCDFFile.call("look at \(group)/\(dimension)", nc_inq_vartype(groupID, variable, &kind))
            guard kind == NC_STRING else {
                throw NetCDFError(attempt: "read words of \(group)/\(dimension)", code: NC_EBADTYPE)
            }
            var texts = [UnsafeMutablePointer<CChar>?](
                repeating: nil, count: try count(of: variable, dimension, in: groupID))
            try NetCDFFile.call("read \(group)/\(dimension)", nc_get_var_string(groupID, variable, &texts))
            defer { nc_free_string(texts.count, &texts) }
            return texts.map { text in text.map { String(cString: $0) } ?? "" }
        }
    }

    private func place(of name: String, in group: String) throws(NetCDFError) -> (group: Int32, variable: Int32) {
        var (groupID, variable): (Int32, Int32) = (0, 0)
        try NetCDFFile.call("find the group \(group)", nc_inq_grp_ncid(file, group, &groupID))
        try NetCDFFile.call("find \(group)/\(name)", nc_inq_varid(groupID, name, &variable))
        return (groupID, variable)
    }

    private func count(of variable: Int32, _ name: String, in group: Int32) throws(NetCDFError) -> Int {
        var dimensionCount: Int32 = 0
        try NetCDFFile.call("look at \(name)", nc_inq_varndims(group, variable, &dimensionCount))
        var dimensions = [Int32](repeating: 0, count: Int(dimensionCount))
        try NetCDFFile.call("look at \(name)", nc_inq_vardimid(group, variable, &dimensions))
        var total = 1
        for dimension in dimensions {
            var length = 0
            try NetCDFFile.call("look at \(name)", nc_inq_dimlen(group, dimension, &length))
            let (product, overflows) = total.multipliedReportingOverflow(by: length)
            guard !overflows, product <= Self.countMax else {
                throw NetCDFError(attempt: "hold the numbers of \(name)", code: NC_ENOMEM)
            }
            total = product
        }
        return total
    }

    /// Numbers of one variable: 2 GB.
    private static let countMax = 1 << 28
}

extension NetCDFReader {
    /// A variable with draws.
    package struct Variable: Sendable, Hashable {
        package let name: String
        /// Lengths of all dimensions, chain and draw first.
        package let shape: [Int]
        /// Names of those after chain and draw.
        package let dimensions: [String]
    }

    /// The variables of a group that have a chain and a draw first, in the order of the file.
    package func drawVariables(in group: String) throws(NetCDFError) -> [Variable] {
        try NetCDFFile.exclusively { () throws(NetCDFError) in
            _ = Self.silence?(0, nil, nil)
            var (groupID, count): (Int32, Int32) = (0, 0)
            try NetCDFFile.call("find the group \(group)", nc_inq_grp_ncid(file, group, &groupID))
            try NetCDFFile.call("look at \(group)", nc_inq_nvars(groupID, &count))
            var result: [Variable] = []
            for variable in 0..<count {
                let name = try Self.word { nc_inq_varname(groupID, variable, $0) }
                var dimensionCount: Int32 = 0
                try NetCDFFile.call("look at \(name)", nc_inq_varndims(groupID, variable, &dimensionCount))
                guard dimensionCount >= 2 else { continue }
                var places = [Int32](repeating: 0, count: Int(dimensionCount))
                try NetCDFFile.call("look at \(name)", nc_inq_vardimid(groupID, variable, &places))
                var names: [String] = []
                var shape: [Int] = []
                for place in places {
                    var length = 0
                    try NetCDFFile.call("look at \(name)", nc_inq_dimlen(groupID, place, &length))
                    shape.append(length)
                    names.append(try Self.word { nc_inq_dimname(groupID, place, $0) })
                }
                guard names.prefix(2) == ["chain", "draw"] else { continue }
                result.append(Variable(name: name, shape: shape, dimensions: Array(names.dropFirst(2))))
            }
            return result
        }
    }

    private static func word(
        _ read: (UnsafeMutablePointer<CChar>) -> Int32
    ) throws(NetCDFError) -> String {
        var bytes = [CChar](repeating: 0, count: Int(NC_MAX_NAME) + 1)
        try NetCDFFile.call("read a name", read(&bytes))
        return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
