import Battery
import MarketingMix
import ModelDefinition
import Testing

struct NumericBatteryTests {
    @Test("every part computes something, all of it finite, and the same each time")
    func sections() {
        let sections = NumericBattery.sections()
        #expect(sections.count == 2 + PosteriorForm.allCases.count)
        #expect(Set(sections.map(\.name)).count == sections.count)
        for (section, again) in zip(sections, NumericBattery.sections()) {
            #expect(section.values.count >= 40 && section.values.allSatisfy(\.isFinite), "\(section.name)")
            #expect(Set(section.values).count > 20, "\(section.name) hardly computes")
            #expect(section.hash == again.hash, "\(section.name)")
        }
    }

    @Test("one bit of one value changes the hash")
    func hash() throws {
        let values = [1.0, 2.0, -0.0]
        func hash(_ values: [Double]) -> UInt64 { NumericBattery.Section(name: "", values: values).hash }
        #expect(hash(values) != hash([1.0, 2.0, 0.0]))
        #expect(hash(values) != hash([1.0, 2.0.nextUp, -0.0]))
        #expect(hash(values) != hash([2.0, 1.0, -0.0]))
    }
}
