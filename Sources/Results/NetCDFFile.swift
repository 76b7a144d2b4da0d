import CNetCDF
import Glibc
import Synchronization

/// A dimension of a group, with its coordinate.
package struct NetCDFDimension: Sendable {
    package enum Labels: Sendable {
        case text([String])
        /// Days since 1970-01-01.
        case dates([Int])
        /// 0 … count − 1.
        case index(Int)

        var count: Int {
            switch self {
            case .text(let labels): labels.count
            case .dates(let days): days.count
            case .index(let count): count
            }
        }
    }

    package var name: String
    package var labels: Labels

    package init(name: String, labels: Labels) {
        self.name = name
        self.labels = labels
    }
}

/// A variable of a group; values row-major over its dimensions, which begin with chain and draw where values are computed.
package struct NetCDFVariable: Sendable {
    package enum Values: Sendable {
        case doubles([Double])
        case integers([Int64])
        case booleans([Bool])
        /// Numbers that are computed when they are written, some at a time, and never all held.
        /// - Parameter of: those of some draws, counted over all chains, one draw after another.
        case computed(count: Int, of: @Sendable (Range<Int>) -> [Double])

        var count: Int {
            switch self {
            case .doubles(let values): values.count
            case .integers(let values): values.count
            case .booleans(let values): values.count
            case .computed(let count, _): count
            }
        }
    }

    package var name: String
    package var dimensions: [String]
    package var values: Values

    package init(name: String, dimensions: [String], values: Values) {
        self.name = name
        self.dimensions = dimensions
        self.values = values
    }
}

/// One group of an InferenceData file.
package struct NetCDFGroup: Sendable {
    package var name: String
    package var dimensions: [NetCDFDimension]
    package var variables: [NetCDFVariable]
    package var attributes: [(name: String, value: String)]

    package init(
        name: String, dimensions: [NetCDFDimension], variables: [NetCDFVariable],
        attributes: [(name: String, value: String)] = []
    ) {
        self.name = name
        self.dimensions = dimensions
        self.variables = variables
        self.attributes = attributes
    }
}

/// A call of the NetCDF library that failed.
package struct NetCDFError: Error, CustomStringConvertible {
    package let attempt: String
    package let code: Int32

    package var description: String { "cannot \(attempt): \(String(cString: nc_strerror(code)))" }
}

/// Writes NetCDF-4 files, plain: compression would take an eighth off draws, for as long as all the rest takes. Equal content gives equal bytes: nothing in the file knows of time, host or path.
package enum NetCDFFile {
    /// The C library keeps global tables without locks, and two jobs may end at once.
    private static let library = Mutex<Void>(())

    static func exclusively<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        try library.withLock { _ throws(Failure) in try body() }
    }

    package static func write(
        groups: [NetCDFGroup], attributes: [(name: String, value: String)], to path: String
    ) throws(NetCDFError) {
        try exclusively { () throws(NetCDFError) in
            var file: Int32 = 0
            try call("create \(path)", nc_create(path, NC_NETCDF4 | NC_CLOBBER, &file))
            do throws(NetCDFError) {
                try put(attributes, into: file)
                for group in groups { try write(group, into: file) }
            } catch {
                nc_close(file)
                throw error
            }
            try call("close \(path)", nc_close(file))
        }
    }

    static func call(_ attempt: String, _ code: Int32) throws(NetCDFError) {
        guard code == NC_NOERR else { throw NetCDFError(attempt: attempt, code: code) }
    }

    private static func put(
        _ attributes: [(name: String, value: String)], into group: Int32
    ) throws(NetCDFError) {
        for (name, value) in attributes { try put(name, value, of: NC_GLOBAL, in: group) }
    }

    private static func put(
        _ name: String, _ value: String, of variable: Int32, in group: Int32
    ) throws(NetCDFError) {
        try call("write attribute \(name)", nc_put_att_text(group, variable, name, value.utf8.count, value))
    }

    private static func write(_ group: NetCDFGroup, into file: Int32) throws(NetCDFError) {
        var id: Int32 = 0
        try call("make group \(group.name)", nc_def_grp(file, group.name, &id))
        try put(group.attributes, into: id)
        var dimensions: [(name: String, id: Int32)] = []
        for dimension in group.dimensions {
            var dimensionID: Int32 = 0
            try call(
                "make dimension \(dimension.name)",
                nc_def_dim(id, dimension.name, dimension.labels.count, &dimensionID))
            dimensions.append((dimension.name, dimensionID))
            try writeCoordinate(dimension, dimensionID, into: id)
        }
        for variable in group.variables {
            let ids = variable.dimensions.map { name in
                guard let dimension = dimensions.first(where: { $0.name == name }) else {
                    preconditionFailure("\(variable.name) has the dimension \(name), the group has not")
                }
                return dimension.id
            }
            let count = group.dimensions.filter { variable.dimensions.contains($0.name) }
                .reduce(1) { $0 * $1.labels.count }
            // The library reads as many numbers as the dimensions say, whatever it is given.
            precondition(
                variable.values.count == count,
                "\(group.name)/\(variable.name) has \(variable.values.count) values for \(count) places")
            try write(variable, dimensions: ids, into: id)
        }
    }

    private static func writeCoordinate(
        _ dimension: NetCDFDimension, _ dimensionID: Int32, into group: Int32
    ) throws(NetCDFError) {
        switch dimension.labels {
        case .text(let labels):
            var variable: Int32 = 0
            try define(dimension.name, NC_STRING, [dimensionID], in: group, id: &variable)
            var pointers: [UnsafePointer<CChar>?] = labels.map { UnsafePointer(strdup($0)) }
            defer { for pointer in pointers { free(UnsafeMutablePointer(mutating: pointer)) } }
            try call("write \(dimension.name)", nc_put_var_string(group, variable, &pointers))
        case .dates(let days):
            let variable = try writeIntegers(dimension.name, days.map(Int64.init), [dimensionID], into: group)
            try put("units", "days since 1970-01-01", of: variable, in: group)
            try put("calendar", "proleptic_gregorian", of: variable, in: group)
        case .index(let count):
            _ = try writeIntegers(dimension.name, (0..<count).map(Int64.init), [dimensionID], into: group)
        }
    }

    private static func write(
        _ variable: NetCDFVariable, dimensions: [Int32], into group: Int32
    ) throws(NetCDFError) {
        var id: Int32 = 0
        switch variable.values {
        case .doubles(let values):
            try define(variable.name, NC_DOUBLE, dimensions, in: group, id: &id)
            try call("write \(variable.name)", nc_put_var_double(group, id, values))
        case .integers(let values):
            _ = try writeIntegers(variable.name, values, dimensions, into: group)
        case .booleans(let values):
            // NetCDF has no Boolean: a byte, marked as xarray reads it.
            try define(variable.name, NC_BYTE, dimensions, in: group, id: &id)
            try put("dtype", "bool", of: id, in: group)
            try call("write \(variable.name)", nc_put_var_schar(group, id, values.map { $0 ? 1 : 0 }))
        case .computed(_, let values):
            try define(variable.name, NC_DOUBLE, dimensions, in: group, id: &id)
            try writeSlabs(variable.name, values, dimensions, of: id, into: group)
        }
    }

    /// Numbers that are computed at a time: 1 MB.
    private static let slabLength = 1 << 17

    private static func writeSlabs(
        _ name: String, _ values: (Range<Int>) -> [Double], _ dimensions: [Int32], of id: Int32, into group: Int32
    ) throws(NetCDFError) {
        // Every place is written: what would fill it before is not.
        try call("write \(name)", nc_def_var_fill(group, id, NC_NOFILL, nil))
        var lengths: [Int] = []
        for dimension in dimensions {
            var length = 0
            try call("look at \(name)", nc_inq_dimlen(group, dimension, &length))
            lengths.append(length)
        }
        precondition(lengths.count >= 2, "\(name) has no chain and draw")
        let (chains, draws) = (lengths[0], lengths[1])
        let width = lengths.dropFirst(2).reduce(1, *)
        let step = max(1, slabLength / max(1, width))
        for chain in 0..<chains {
            for first in stride(from: 0, to: draws, by: step) {
                let count = min(step, draws - first)
                let slab = values(chain * draws + first..<chain * draws + first + count)
                precondition(slab.count == count * width, "\(name) has \(slab.count) values for \(count) draws")
                let start = [chain, first] + [Int](repeating: 0, count: lengths.count - 2)
                let counts = [1, count] + lengths.dropFirst(2)
                try call("write \(name)", nc_put_vara_double(group, id, start, counts, slab))
            }
        }
    }

    private static func writeIntegers(
        _ name: String, _ values: [Int64], _ dimensions: [Int32], into group: Int32
    ) throws(NetCDFError) -> Int32 {
        var id: Int32 = 0
        try define(name, NC_INT64, dimensions, in: group, id: &id)
        try call("write \(name)", nc_put_var_longlong(group, id, values))
        return id
    }

    private static func define(
        _ name: String, _ type: Int32, _ dimensions: [Int32], in group: Int32, id: inout Int32
    ) throws(NetCDFError) {
        try call(
            "make variable \(name)",
            nc_def_var(group, name, nc_type(type), Int32(dimensions.count), dimensions, &id))
    }
}
