import CLinux
import Testing

private let v3 = [TUTTI_AVX, TUTTI_AVX2, TUTTI_BMI, TUTTI_BMI2, TUTTI_FMA, TUTTI_LZCNT].bits
private let v4 =
    v3 | [TUTTI_AVX512F, TUTTI_AVX512BW, TUTTI_AVX512CD, TUTTI_AVX512DQ, TUTTI_AVX512VL].bits

extension [Int] {
    fileprivate var bits: UInt32 { reduce(0) { $0 | UInt32($1) } }
}

struct ProcessorTests {
    private func refusal(compiled: UInt32, available: UInt32, capacity: Int = 320) -> String {
        var message = [CChar](repeating: 1, count: capacity)
        let length = tutti_refusal(compiled, available, &message, capacity)
        #expect(message[length] == 0 && !message[..<length].contains(0))
        return String(decoding: message[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    @Test("a processor with all that a program may use, or more, is accepted")
    func accepted() {
        for (compiled, available) in [(0, 0), (0, v3), (v3, v3), (v3, v4), (v4, v4)] {
            #expect(refusal(compiled: compiled, available: available).isEmpty)
        }
    }

    #if arch(x86_64)
    @Test("a processor that lacks something is refused, with the level, what is missing and what to do")
    func refused() {
        #expect(
            refusal(compiled: v3, available: v3 & ~[TUTTI_AVX2, TUTTI_FMA].bits)
                == "This program was built for x86-64-v3, and this processor lacks avx2, fma. "
                + "Mend: use the plain build of tutti; its results are the same.\n")
        #expect(
            refusal(compiled: v4, available: v3).contains(
                "x86-64-v4, and this processor lacks avx512f, avx512bw, avx512cd, avx512dq, avx512vl."))
        for bit in 0..<UInt32(TUTTI_FEATURE_COUNT) {
            #expect(!refusal(compiled: v4, available: v4 & ~(1 << bit)).isEmpty)
        }
        #expect(refusal(compiled: v4, available: 0).hasSuffix("the same.\n"), "the longest sentence is whole")
    }

    @Test("a level has all of its features")
    func levels() {
        func level(_ features: UInt32) -> String { String(cString: tutti_level(features)) }
        #expect([level(0), level(v3), level(v4)] == ["x86-64", "x86-64-v3", "x86-64-v4"])
        #expect(level(v3 & ~[TUTTI_LZCNT].bits) == "x86-64")
        #expect(level(v4 & ~[TUTTI_AVX512VL].bits) == "x86-64-v3")
    }
    #endif

    @Test("a short buffer gets as much as fits")
    func shortBuffer() {
        #expect(refusal(compiled: v3, available: 0, capacity: 13) == "This program")
    }

    @Test("this program runs, so this processor has what it was compiled for")
    func here() {
        #expect(refusal(compiled: tutti_compiled_features(), available: tutti_processor_features()).isEmpty)
    }
}
