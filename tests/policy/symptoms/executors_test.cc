// Executors that go, that stand still and that come again; logs that end too early.
#include "tests/policy/symptoms/symptom_case.h"

namespace ballast::policy {
namespace {

// `rounds` executors one after the other, each sent away as idle a minute after the last.
void Churn(ApplicationRun& run, int rounds, int64_t pause = 60'000) {
  for (int i = 0; i < rounds; ++i) {
    ExecutorRun& executor = AddExecutor(run, std::to_string(i));
    executor.added = 1000 + i * pause;
    if (i + 1 == rounds) continue;
    executor.removed = executor.added + 1000;
    executor.removal_reason = "Executor killed by driver.";
  }
  run.most_executors = 2;
}

const SymptomCase kCases[] = {
    {"Lost", &kExecutorLost,
     [](ApplicationRun& run) {
       run.conf.Set("spark.storage.decommission.enabled", "true");
       See(run, {.sight = Sight::kExecutorLost, .name = "gone", .executor = "1"});
     },
     "high: 1 executor lost: gone [spark.decommission.enabled: false -> true]"},
    {"LostForAReasonThatIsTold", &kExecutorLost,
     [](ApplicationRun& run) {
       run.conf.Set("spark.storage.decommission.enabled", "true");
       See(run, {.sight = Sight::kContainerKilled, .executor = "1"});
       See(run, {.sight = Sight::kExecutorLost, .executor = "1"});
     },
     "low: 1 executor lost [spark.decommission.enabled: false -> true]"},
    {"SentAway", &kExecutorLost,
     [](ApplicationRun& run) { See(run, {.sight = Sight::kExecutorIdle}); }, ""},
    {"FetchFailureAfterALoss", &kFetchFailure,
     [](ApplicationRun& run) {
       run.conf.Set("spark.decommission.enabled", "true");
       See(run, {.sight = Sight::kContainerKilled, .executor = "1"});
       See(run, {.sight = Sight::kFetchFailure, .stage = 3});
     },
     "medium: 1 fetch failure (stage 3)"},
    {"FetchFailureAlone", &kFetchFailure,
     [](ApplicationRun& run) { See(run, {.sight = Sight::kFetchFailure, .stage = 3}); },
     "high: 1 fetch failure (stage 3) [spark.shuffle.io.maxRetries:  -> 10] "
     "[spark.shuffle.io.retryWait:  -> 15s]"},
    {"NoHeartbeat", &kHeartbeatTimeout,
     [](ApplicationRun& run) {
       See(run,
           {.sight = Sight::kHeartbeatLost, .amount = 130'000, .limit = 120'000, .executor = "1"});
     },
     "high: 1 time an executor sent no heartbeat for 2.2 min [spark.network.timeout: 120s -> 600s] "
     "[spark.executor.heartbeatInterval: 10s -> 20s]"},
    {"CallTimedOut", &kHeartbeatTimeout,
     [](ApplicationRun& run) {
       run.conf.Set("spark.executor.heartbeatInterval", "60s");
       run.conf.Set("spark.network.timeout", "600s");
       See(run, {.sight = Sight::kRpcTimeout, .name = "spark.rpc.askTimeout"});
     },
     "medium: 1 call timed out [spark.network.timeout: 600s -> 1200s]"},
    {"AskedForAgainHalfAsOften", &kExecutorChurn, [](ApplicationRun& run) { Churn(run, 2); }, ""},
    {"AskedForAgainMoreOften", &kExecutorChurn, [](ApplicationRun& run) { Churn(run, 3); },
     "medium: 2 executors sent away as idle and asked for again; at most 2 ran at once "
     "[spark.dynamicAllocation.executorIdleTimeout: 60s -> 300s] "
     "[spark.dynamicAllocation.minExecutors: 0 -> 1]"},
    {"AskedForAgainMuchLater", &kExecutorChurn, [](ApplicationRun& run) { Churn(run, 5, 700'000); },
     ""},
    {"Unfinished", &kUnfinishedLog,
     [](ApplicationRun& run) { run.inputs = {{.source = "app", .unfinished = "has no end"}}; },
     "info: app: has no end"},
    {"Damaged", &kDamagedLog,
     [](ApplicationRun& run) {
       run.inputs = {{.source = "app"},
                     {.source = "b", .damaged = "line 3 is no event", .damaged_places = 2}};
     },
     "low: b: line 3 is no event"},
};

class Executors : public testing::TestWithParam<SymptomCase> {};
TEST_P(Executors, AreFollowed) { Check(GetParam()); }
INSTANTIATE_TEST_SUITE_P(Rows, Executors, testing::ValuesIn(kCases), NameOf);

}  // namespace
}  // namespace ballast::policy
