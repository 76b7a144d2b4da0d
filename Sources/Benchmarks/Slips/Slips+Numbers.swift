import Kernels

// MARK: The KPI

extension Slip {
    static let kpi: [Slip] = [
        Slip("KPI of one week × 100", ["usual value"]) { world, stream in
            world.changeWeek(world.kpi, by: 100, &stream)
            return true
        },
        Slip("KPI of one week ÷ 1000", ["usual value"]) { world, stream in
            // Where sales themselves come down to a twentieth, or are said to come near 0, little is no news.
            guard world.read.specification.likelihood != .truncatedNormal else { return false }
            let values = world.numbers(world.kpi)
            let isLow = world.geos.contains { geo in
                let own = geo.map { values[$0] }
                return 20 * (own.min() ?? 0) * Double(own.count) < own.reduce(0, +)
            }
            guard !isLow else { return false }
            world.change(world.kpi, at: stream.whole(world.records.count), by: 0.001)
            return true
        },
        Slip("KPI × or ÷ 100 or 1000 from one date on", ["change of unit"]) { world, stream in
            world.changeUnit(world.kpi, by: stream.pick([0.001, 0.01, 100, 1000]), &stream)
            return true
        },
        Slip("KPI in thousands", ["more than the whole KPI", "all revenue is"]) { world, _ in
            world.scale(world.kpi, by: 0.001)
            return world.hasReturns
        },
        Slip("KPI × 1000", ["no data can show"]) { world, _ in
            world.scale(world.kpi, by: 1000)
            return world.hasReturns
        },
        Slip("KPI and spend beyond what a total can hold", ["the values add up to"]) { world, _ in
            for column in [world.kpi] + world.spendColumns { world.scale(column, by: 1e16) }
            return true
        },
        Slip("KPI 0 for 2 to 26 weeks", ["the KPI is 0", "is 0 until", "is 0 from"]) { world, stream in
            var values = world.numbers(world.kpi)
            for record in world.run(of: 2 + stream.whole(25), &stream) { values[record] = 0 }
            world.set(world.kpi, values)
            return true
        },
        Slip("KPI filled in for 3 to 8 weeks", ["looks filled in"]) { world, stream in
            let run = world.run(of: 3 + stream.whole(6), &stream)
            var values = world.numbers(world.kpi)
            for record in run { values[record] = values[run.startIndex] }
            world.set(world.kpi, values)
            return true
        },
        Slip("KPI as running total", ["running total"]) { world, stream in
            world.accumulate(world.kpi, &stream)
            return true
        },
        Slip("KPI as moving mean of 3 to 6 weeks", ["moving mean"]) { world, stream in
            let window = 3 + stream.whole(4)
            world.set(world.kpi, world.means(world.kpi, window: window, lag: stream.pick([0, -(window / 2)])))
            return true
        },
        Slip("the month's KPI in each week", ["one value in every month"]) { world, stream in
            world.repeatMonths(world.kpi, divided: stream.bit())
            return true
        },
        Slip("a geo that is the sum of the others", ["counts twice"]) { world, _ in
            world.addGeo("Total") { $0.reduce(0, +) }
        },
        Slip("a geo that is the mean of the others", ["counts twice"]) { world, _ in
            world.addGeo("Mean") { $0.reduce(0, +) / Double($0.count) }
        },
        Slip("total below 0 and a prior of a share of it", ["a share of that has no meaning"]) { world, stream in
            guard world.read.specification.preset != .pymcMarketing else { return false }
            let values = world.numbers(world.kpi)
            let mean = values.reduce(0, +) / Double(values.count)
            world.set(world.kpi, values.map { $0 - (1 + stream.uniform()) * mean })
            let column = world.spendColumns[0]
            world.model = world.model.replacing("spend: \(column)", with: "exposure: \(column), organic: true")
            return true
        },
    ]
}

// MARK: Media

extension Slip {
    static let media: [Slip] = [
        Slip("spend of one week × 100", ["usual value", "usual price"]) { world, stream in
            world.changeWeek(stream.pick(world.spendColumns), by: 100, &stream)
            return true
        },
        Slip("spend × or ÷ 100 or 1000 from one date on", ["change of unit", "usual value", "usual price"]) {
            world, stream in
            world.changeUnit(
                stream.pick(world.spendColumns), by: stream.pick([0.001, 0.01, 100, 1000]), &stream)
            return true
        },
        Slip("exposure × or ÷ 1000 from one date on", ["change of unit"]) { world, stream in
            guard !world.exposedChannels.isEmpty else { return false }
            world.changeUnit(
                stream.pick(world.exposedChannels).exposure, by: stream.pick([0.001, 1000]), &stream)
            return true
        },
        Slip("spend of all channels in thousands", ["no data can show"]) { world, _ in
            for column in world.spendColumns { world.scale(column, by: 0.001) }
            return world.hasReturns
        },
        Slip("spend of one channel in thousands", ["no data can show"]) { world, stream in
            // Of channels that cost 20 % of the KPI and less; a thousandth of more is little, and still possible.
            let revenue = world.numbers(world.kpi).reduce(0, +)
            let small = world.spendColumns.filter { world.numbers($0).reduce(0, +) < 0.2 * revenue }
            guard world.hasReturns, !small.isEmpty else { return false }
            world.scale(stream.pick(small), by: 0.001)
            return true
        },
        Slip("spend of one channel in cents", ["more than the whole KPI", "all revenue is"]) { world, stream in
            // Of channels that cost 2 % of the KPI and more; a hundredfold of less is still possible.
            let revenue = world.numbers(world.kpi).reduce(0, +)
            let large = world.spendColumns.filter { world.numbers($0).reduce(0, +) > 0.02 * revenue }
            guard world.hasReturns, !large.isEmpty else { return false }
            world.scale(stream.pick(large), by: 100)
            return true
        },
        Slip("exposure without spend", ["spend is 0 all along"]) { world, stream in
            guard !world.exposedChannels.isEmpty else { return false }
            world.scale(stream.pick(world.exposedChannels).spend, by: 0)
            return true
        },
        Slip("exposure without spend in one geo", ["costs nothing there"]) { world, stream in
            guard world.geos.count > 1, world.hasReturns else { return false }
            let column = world.spendColumns[0]
            world.add("contacts", world.numbers(column).map { "\(100 * $0)" })
            world.addToFirstChannel("exposure: contacts")
            var values = world.numbers(column)
            for record in stream.pick(world.geos) { values[record] = 0 }
            world.set(column, values)
            return true
        },
        Slip("exposure for a cent", ["a return on that is no effect"]) { world, stream in
            guard !world.exposedChannels.isEmpty else { return false }
            let column = stream.pick(world.exposedChannels).spend
            let total = world.numbers(column).reduce(0, +)
            world.scale(column, by: 0.01 / total)
            return true
        },
        Slip("spend as running total", ["running total"]) { world, stream in
            world.accumulate(stream.pick(world.spendColumns), &stream)
            return true
        },
        Slip("the month's spend in each week", ["of each month"]) { world, stream in
            world.repeatMonths(stream.pick(world.spendColumns), divided: stream.bit())
            return true
        },
        Slip("a budget of the country in each geo", ["the same spend in all"]) { world, stream in
            guard world.geos.count > 1 else { return false }
            let column = stream.pick(world.spendColumns)
            let (own, first) = (world.numbers(column), world.geos[0])
            var values = own
            for geo in world.geos { for (place, other) in zip(geo, first) { values[place] = own[other] } }
            world.set(column, values)
            return true
        },
        Slip("residual spend between flights", ["a small one"]) { world, stream in world.addResidue(&stream) },
        Slip("thousands with dots beside hundreds", ["in thousands"]) { world, stream in
            world.writeThousandsWithDots(stream.pick(world.mediaColumns), &stream)
        },
        Slip("reach with frequency 0 or none", ["the frequency is"]) { world, stream in
            let value = stream.pick(["0", ""])
            world.addReach(&stream) { _, frequency, record in frequency[record] = value }
            return true
        },
        Slip("reach and frequency swapped", ["look swapped"]) { world, stream in
            world.addReach(&stream) { reach, frequency, _ in swap(&reach, &frequency) }
            return true
        },
    ]
}

// MARK: Controls and prices

extension Slip {
    static let columns: [Slip] = [
        Slip("control: KPI × 1.19, rounded", ["KPI itself"]) { world, _ in
            world.addControl("gross", world.numbers(world.kpi).map { (1.19 * $0).rounded() })
            return true
        },
        Slip("control: orders", ["follows from the KPI", "KPI itself"]) { world, stream in
            let values = world.numbers(world.kpi)
            let basket = (values.reduce(0, +) / Double(values.count)) / 20_000
            // The value of a basket differs from week to week by 2 %, and by less than orders do.
            let spread = min(0.02, 0.2 * world.weeklyChange(world.kpi))
            world.addControl("orders", values.map { ($0 / basket * (1 + spread * stream.normal())).rounded() })
            return true
        },
        Slip("control: KPI of one to four weeks before", ["follows from the KPI"]) { world, stream in
            world.addControl("earlier", world.means(world.kpi, window: 1, lag: 1 + stream.whole(4)))
            return true
        },
        Slip("control: moving mean of the KPI", ["follows from the KPI"]) { world, stream in
            world.addControl("mean", world.means(world.kpi, window: stream.pick([4, 8, 13]), lag: stream.whole(2)))
            return true
        },
        Slip("control: brand queries that media drive", ["goes with what channel"]) { world, stream in
            world.addQueries(&stream)
        },
        Slip("control: one record × 1000, or −9999 for unknown", ["otherwise"]) { world, stream in
            var values = world.records.map { _ in 15 + 4 * stream.normal() }
            let place = stream.whole(values.count)
            values[place] = stream.pick([-9999, 9999, 1000 * (15 + stream.uniform())])
            world.addControl("weather", values)
            return true
        },
        Slip("a price of the KPI with a hole", ["the value is missing"]) { world, stream in
            world.addPrice(&stream) { $0.write("", in: "price", at: $1) }
            if stream.bit() { world.takeMissingAsZero() }
            return true
        },
        Slip("a price of the KPI of 0 or below", ["is no price"]) { world, stream in
            let value = stream.pick(["0", "-3"])
            world.addPrice(&stream) { $0.write(value, in: "price", at: $1) }
            return true
        },
        Slip("the KPI as its own price", ["is the KPI itself"]) { world, stream in
            world.addPrice(&stream) { world, _ in world.set("price", world.numbers(world.kpi)) }
            return true
        },
        Slip("a margin of units without a price", ["nothing says what a unit of the KPI is worth"]) { world, _ in
            world.addToKPI(world.model.contains("margin:") ? "kind: units" : "kind: units, margin: 0.4")
            return true
        },
    ]
}
