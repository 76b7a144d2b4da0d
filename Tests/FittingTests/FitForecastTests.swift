import Fitting
import MarketingMix
import ModelDefinition
import Testing

@Suite("a forecast of a fit")
struct FitForecastTests {
    private func settings(chains: Int = 4, draws: Int = 60, resamples: Int = 0) -> FitSettings {
        var settings = FitSettings(FitFixture.specification)
        (settings.chains, settings.warmup, settings.draws, settings.resamples) = (chains, 100, draws, resamples)
        settings.start = .independent
        return settings
    }

    /// A task that takes `early` gradients an iteration in warm-up and `late` ones after it, of 10 ms each.
    private func trace(
        _ task: FitTask, _ settings: FitSettings, iterations: Int, early: Int = 20, late: Int = 10
    ) -> TaskTrace {
        let plan = FitPlan(settings)
        let length = plan.runLength(of: task)
        var trace = TaskTrace(task, of: plan, begin: 0, startSeconds: 0.5, gradients: 3)
        var gradients = 3
        for iteration in 0..<iterations {
            gradients += iteration % length.all < length.warmup ? early : late
            trace.note(gradients: gradients, seconds: Double(gradients - 3) * 0.01, place: iteration + 1)
        }
        return trace
    }

    @Test("a task that was run to its end costs what it did, and so do fewer draws of it")
    func finished() {
        let settings = settings()
        let trace = trace(.chain(0), settings, iterations: 160)
        #expect(trace.isFinished && !trace.isWarmingUp)
        #expect(trace.gradients(after: 160) == 2603)
        #expect(trace.gradients(after: 130) == 2303)
        #expect(abs(trace.seconds(after: 160) - 26.5) < 1e-9)
        #expect(abs(trace.seconds(after: 110) - 21.5) < 1e-9)
    }

    @Test("one that was cut goes on as its draws did, and in mid-warm-up as its last third")
    func cut() {
        let settings = settings()
        let drawing = trace(.chain(0), settings, iterations: 125)
        #expect(!drawing.isFinished && !drawing.isWarmingUp)
        #expect(drawing.gradients(after: 160) == 2603)
        let warming = trace(.chain(0), settings, iterations: 60)
        #expect(warming.isWarmingUp)
        #expect(warming.gradients(after: 160) == 3203)
        let first = trace(.chain(0), settings, iterations: 1)
        #expect(first.gradients(after: 160) == 3203)
    }

    @Test("a resample's runs of the sampler each warm up, however far the trial came")
    func resample() {
        let plan = FitPlan(settings(resamples: 1))
        let (all, (warmup, length)) = (plan.usualIterationCount(of: .resample(0)), plan.runLength(of: .resample(0)))
        #expect(all == 2 * length)
        let whole = Double(2 * (20 * warmup + 10 * (length - warmup)))
        for iterations in [warmup + 30, length, length + 50, all] {
            let trace = trace(.resample(0), plan.settings, iterations: iterations)
            #expect(abs(trace.gradients(after: all) / whole - 1) < 0.01, "\(iterations)")
        }
    }

    @Test("of resamples that were tried, those that needed a second try count with it")
    func secondTry() {
        let settings = settings(resamples: 10)
        let once = FitPlan(settings).usualIterationCount(of: .resample(0))
        let traces = [once, once, once, 4 * once].map { trace(.resample(0), settings, iterations: $0) }
        let cost = { (trace: TaskTrace) in 0.5 + 0.01 * (trace.gradients(after: trace.iteration) - 3) }
        let work = FitForecast.Work(traces, sizes: [Int](repeating: 1, count: 10), iterations: nil)
        let mean = traces.map(cost).reduce(0, +) / 4
        #expect(abs(work.processorSeconds - 10 * mean) < 1e-9 * mean)
        #expect(mean > 1.7 * cost(traces[0]) && work.finishedCount == 4)
    }

    /// Ten sampled resamples, four to a batch.
    private var batches: FitSettings {
        var settings = settings(resamples: 10)
        settings.resamplesPerTask = 4
        return settings
    }

    /// A batch whose members take so many tries' lengths each, up to so many iterations.
    private func batch(_ tries: [Int], upTo limit: Int = .max, gradients each: Int = 10) -> TaskTrace {
        let plan = FitPlan(batches)
        var trace = TaskTrace(.resampleBatch(0), of: plan, begin: 0, startSeconds: 0, gradients: 0)
        var (gradients, iterations) = (0, 0)
        for (member, tries) in tries.enumerated() {
            for iteration in 1...tries * ResampleRun.tryLength {
                guard iterations < limit else { return trace }
                gradients += each
                iterations += 1
                // A finished member counts for both tries.
                let isLast = iteration == tries * ResampleRun.tryLength
                let place =
                    member * ResampleRun.iterationCount
                    + (isLast ? ResampleRun.iterationCount : min(iteration, ResampleRun.iterationCount - 1))
                trace.note(gradients: gradients, seconds: 0.01 * Double(gradients), place: place)
            }
        }
        return trace
    }

    @Test("a batch is finished with its last resample, however many second tries there were before")
    func batchEnd() {
        let length = ResampleRun.tryLength
        let plain = batch([1, 1, 1, 1])
        #expect(plain.isFinished && plain.length == 4 * length)
        let tried = batch([2, 1, 2, 1])
        #expect(tried.isFinished && tried.length == 6 * length)
        // As many iterations as a batch without second tries has, and yet but two of four resamples.
        let cut = batch([2, 2, 1, 1], upTo: 4 * length)
        #expect(!cut.isFinished && cut.length == 8 * length)
        let begun = batch([2, 2, 1, 1], upTo: 10)
        #expect(!begun.isFinished && begun.length == 4 * length)
        #expect(abs(plain.seconds(after: plain.length) - 0.1 * Double(4 * length)) < 1e-9)
    }

    @Test("a last batch with fewer resamples costs less, by their number")
    func lastBatch() {
        #expect(FitPlan(batches).resampleTasks.map { FitPlan(batches).resamples(of: $0).count } == [4, 4, 2])
        let forecast = FitForecast(
            batches,
            FitMeasurement(
                scouts: [], chains: [trace(.chain(0), batches, iterations: 160)], resamples: [batch([1, 1, 1, 1])],
                processorShare: 1, draws: assembly(0, perDraw: 0), resampled: nil, startWallSeconds: 0,
                startProcessorSeconds: 0, slotByteCount: 1))
        let whole = 0.1 * Double(4 * ResampleRun.tryLength)
        #expect(zip(forecast.resamples.seconds, [whole, whole, whole / 2]).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(forecast.resamples.finishedCount == 1)
    }

    @Test("a chain that scouts lead is taken to have little warm-up left")
    func led() {
        var settings = settings(chains: 12, draws: 200)
        settings.start = .pooled
        let scout = trace(.scout(0), settings, iterations: 150)
        let chain = scout.leading(to: .chain(0), of: FitPlan(settings))
        #expect(chain.begin == 50)
        #expect(chain.gradients(after: 300) == 2500)
        #expect(abs(chain.seconds(after: 300) - 25.5) < 1e-9)
    }

    @Test("what grows with size lies on lines between what was measured, and never shrinks")
    func lines() {
        let cost = MeasuredCost([(size: 100, value: 1), (size: 200, value: 2), (size: 400, value: 8)])
        for (size, value) in [(50, 0.5), (100, 1), (150, 1.5), (300, 5), (400, 8), (600, 14)] {
            #expect(abs(cost.value(at: size) - value) < 1e-12, "\(size)")
        }
        #expect(abs(cost.surplus(at: 600) - 6) < 1e-12)
        // Three hundredths a size beyond the last.
        #expect(cost.size(for: 8) == 400 && cost.size(for: 14.01) == 600 && cost.size(for: 1) == 400)
        #expect(MeasuredCost([(size: 100, value: 2)]).size(for: 3) == .max)
        #expect(MeasuredCost([(size: 100, value: 2), (size: 400, value: 1)]).value(at: 1000) == 1)
        #expect(MeasuredCost([(size: 100, value: 2)]).value(at: 1000) == 2)
    }

    private func assembly(_ value: Double, perDraw: Double) -> FitMeasurement.Assembly {
        let cost = MeasuredCost([(size: 0, value: value), (size: 100, value: value + 100 * perDraw)])
        return FitMeasurement.Assembly(wallSeconds: cost, processorSeconds: cost, byteCount: cost)
    }

    @Test("all parts add up: tasks over workers, results, start")
    func parts() {
        let settings = settings(chains: 4, resamples: 3)
        let plan = FitPlan(settings)
        let resample = trace(.resample(0), settings, iterations: plan.usualIterationCount(of: .resample(0)))
        let resampleSeconds = resample.seconds(after: plan.usualIterationCount(of: .resample(0)))
        let scout = trace(.scout(0), settings, iterations: plan.iterationCount(of: .scout(0)))
        let forecast = FitForecast(
            settings,
            FitMeasurement(
                scouts: [scout], chains: [trace(.chain(0), settings, iterations: 160)], resamples: [resample],
                processorShare: 0.5, draws: assembly(1, perDraw: 0.01),
                resampled: FitMeasurement.Assembly(
                    wallSeconds: MeasuredCost([(size: 1, value: 1), (size: 2, value: 1.5)]),
                    processorSeconds: MeasuredCost([(size: 1, value: 1), (size: 2, value: 2)]),
                    byteCount: MeasuredCost([(size: 2, value: 7)])),
                startWallSeconds: 0.25, startProcessorSeconds: 0.75, slotByteCount: 5))
        let scouts = 4 * scout.seconds(after: plan.iterationCount(of: .scout(0)))
        let tasks = scouts + 4 * 26.5 + 3 * resampleSeconds
        #expect(abs(forecast.taskProcessorSeconds - tasks) < 1e-9)
        // 240 draws, and one resample more than were put together.
        #expect(abs(forecast.assemblyWallSeconds - 3.9) < 1e-9)
        #expect(abs(forecast.assemblyProcessorSeconds - 4.4) < 1e-9)
        #expect(forecast.coordinatorByteCount == 3)
        #expect(abs(forecast.processorSeconds - (0.75 + tasks + 4.4)) < 1e-9)
        // Half of a processor each: tasks take twice as long as they use.
        #expect(abs(forecast.wallSeconds(workers: 1) - (0.25 + 2 * tasks + 3.9)) < 1e-9)
        #expect(forecast.chains.finishedCount == 1 && forecast.chains.seconds.count == 4)
        #expect(forecast.enoughWorkers > 1 && forecast.enoughWorkers <= 11)
    }

    @Test("a real chain, cut, is taken for about what it is")
    func real() throws {
        let settings = settings(chains: 1, draws: 300)
        var run = try TaskRun(model: FitFixture.model, settings: settings, task: .chain(0))
        var trace = TaskTrace(
            .chain(0), of: FitPlan(settings), begin: run.iteration, startSeconds: 0, gradients: run.gradientEvaluations)
        while run.iteration < 200 {
            try run.step()
            trace.note(
                gradients: run.gradientEvaluations, seconds: Double(run.gradientEvaluations), place: run.iteration)
        }
        while !run.isFinished { try run.step() }
        let real = Double(run.gradientEvaluations)
        #expect(abs(trace.gradients(after: 400) / real - 1) < 0.15)
    }
}
