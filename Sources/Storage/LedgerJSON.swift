import Foundation

/// JSON as the ledger has it: sorted keys, so that equal values have equal bytes.
enum LedgerJSON {
    /// Numbers of the sampler may be infinite or not a number; JSON has no words for those.
    private static let notANumber = "nan"
    private static let infinity = "inf"

    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: infinity, negativeInfinity: "-" + infinity, nan: notANumber)
        return Array(try encoder.encode(value))
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) -> Value? {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: infinity, negativeInfinity: "-" + infinity, nan: notANumber)
        return try? decoder.decode(type, from: Data(bytes))
    }
}
