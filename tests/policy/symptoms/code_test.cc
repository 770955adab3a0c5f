// What only the program itself can put right: classes, closures, lineage.
#include "tests/policy/symptoms/symptom_case.h"

namespace ballast::policy {
namespace {

const SymptomCase kCases[] = {
    {"ClassNotRegistered", &kClassNotRegistered,
     [](ApplicationRun& run) {
       run.conf.Set("spark.kryo.classesToRegister", "a.B");
       See(run, {.sight = Sight::kClassNotRegistered, .name = "c.D"});
     },
     "high: Kryo met a class that is not registered: c.D [spark.kryo.classesToRegister: a.B -> "
     "a.B,c.D]"},
    {"NotSerializable", &kNotSerializable,
     [](ApplicationRun& run) {
       See(run, {.sight = Sight::kNotSerializable, .name = "Connection"});
     },
     "high: a task could not be serialized: Connection"},
    {"LineageUnderThirty", &kDeepLineage, [](ApplicationRun& run) { run.deepest_lineage = 29; },
     ""},
    {"LineageOfThirty", &kDeepLineage,
     [](ApplicationRun& run) {
       run.deepest_lineage = 30;
       run.deepest_job = 4;
     },
     "low: job 4 hangs on a chain of 30 stages [spark.cleaner.referenceTracking.cleanCheckpoints:  "
     "-> "
     "true]"},
    {"LineageOfFifty", &kDeepLineage,
     [](ApplicationRun& run) {
       run.deepest_lineage = 50;
       run.deepest_job = 0;
       run.conf.Set("spark.cleaner.referenceTracking.cleanCheckpoints", "true");
     },
     "medium: job 0 hangs on a chain of 50 stages"},
    {"LineageThatOverflows", &kDeepLineage,
     [](ApplicationRun& run) {
       See(run, {.sight = Sight::kStackOverflowInLineage});
       run.conf.Set("spark.cleaner.referenceTracking.cleanCheckpoints", "true");
     },
     "high: the lineage was too deep for the stack (StackOverflowError)"},
    {"RecursionIsNoLineage", &kDeepLineage,
     [](ApplicationRun& run) { See(run, {.sight = Sight::kStackOverflow}); }, ""},
    {"StackOverflowInAnExecutor", &kStackOverflow,
     [](ApplicationRun& run) {
       run.conf.Set("spark.driver.extraJavaOptions", "-Xss8m");
       See(run, {.sight = Sight::kStackOverflow, .stage = 1, .executor = "2"});
     },
     "high: 1 StackOverflowError (stage 1) [spark.executor.extraJavaOptions:  -> -Xss16m]"},
};

class Code : public testing::TestWithParam<SymptomCase> {};
TEST_P(Code, IsTold) { Check(GetParam()); }
INSTANTIATE_TEST_SUITE_P(Rows, Code, testing::ValuesIn(kCases), NameOf);

}  // namespace
}  // namespace ballast::policy
