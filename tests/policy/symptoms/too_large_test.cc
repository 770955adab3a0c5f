// What is too large: tasks, closures, broadcasts, messages, results, records.
#include "tests/policy/symptoms/symptom_case.h"

namespace ballast::policy {
namespace {

constexpr int64_t kMebi = 1 << 20;

const SymptomCase kCases[] = {
    {"NoLargeTask", &kLargeTask, [](ApplicationRun&) {}, ""},
    {"LargeTask", &kLargeTask,
     [](ApplicationRun& run) {
       See(run, {.sight = Sight::kLargeTask, .amount = 5 * kMebi, .stage = 3});
     },
     "medium: 1 stage with tasks over 1000 KiB, the largest 5 MiB (stage 3) [spark.serializer: "
     "org.apache.spark.serializer.JavaSerializer -> org.apache.spark.serializer.KryoSerializer]"},
    {"LargeTaskOfPython", &kLargeTask,
     [](ApplicationRun& run) {
       run.python = true;
       See(run, {.sight = Sight::kLargeTask, .amount = 5 * kMebi});
     },
     "medium: 1 stage with tasks over 1000 KiB, the largest 5 MiB"},
    {"LargeTaskAtHalfTheWall", &kLargeTask,
     [](ApplicationRun& run) {
       run.conf.Set("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
       See(run, {.sight = Sight::kLargeTask, .amount = 64 * kMebi});
     },
     "high: 1 stage with tasks over 1000 KiB, the largest 64 MiB"},
    {"LargeTaskUnderHalfTheWall", &kLargeTask,
     [](ApplicationRun& run) {
       run.conf.Set("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
       See(run, {.sight = Sight::kLargeTask, .amount = 64 * kMebi - 1});
     },
     "medium: 1 stage with tasks over 1000 KiB, the largest 63.9 MiB"},
    {"LargeTaskBinary", &kLargeTaskBinary,
     [](ApplicationRun& run) { See(run, {.sight = Sight::kLargeTaskBinary, .amount = 3 * kMebi}); },
     "medium: 1 stage with a task binary over 1000 KiB, the largest 3 MiB"},
    {"LargeTable", &kLargeBroadcast,
     [](ApplicationRun& run) {
       See(run, {.sight = Sight::kLargeBroadcast, .amount = 5 * kMebi, .name = "table"});
     },
     "low: broadcasts over 4 MiB, the largest 5 MiB [spark.sql.autoBroadcastJoinThreshold: 10MB "
     "-> "
     "4m]"},
    {"GraveBroadcast", &kLargeBroadcast,
     [](ApplicationRun& run) {
       See(run, {.sight = Sight::kLargeBroadcast, .amount = 256 * kMebi, .name = "value"});
     },
     "high: broadcasts over 4 MiB, the largest 256 MiB"},
    {"RefusedBroadcast", &kLargeBroadcast,
     [](ApplicationRun& run) {
       See(run, {.sight = Sight::kBroadcastRefused}, "Cannot broadcast the table");
     },
     "high: Spark could not broadcast a table: Cannot broadcast the table "
     "[spark.sql.autoBroadcastJoinThreshold: 10MB -> -1]"},
    {"MessageOverTheDefault", &kMessageTooLarge,
     [](ApplicationRun& run) {
       See(run, {.sight = Sight::kMessageTooLarge,
                 .amount = 200 * kMebi,
                 .limit = 128 * kMebi,
                 .stage = 0});
     },
     "high: a message of 200 MiB over the limit of 128 MiB (stage 0) [spark.rpc.message.maxSize: "
     "128 "
     "-> 256]"},
    {"MessageThatNoLimitTakes", &kMessageTooLarge,
     [](ApplicationRun& run) {
       run.conf.Set("spark.rpc.message.maxSize", "2047");
       See(run, {.sight = Sight::kMessageTooLarge, .amount = 2047 * kMebi});
     },
     "high: a message of 1.9 GiB over the limit of 1.9 GiB"},
    {"ResultTooLarge", &kResultTooLarge,
     [](ApplicationRun& run) {
       See(run, {.sight = Sight::kResultTooLarge,
                 .amount = 1025 * kMebi,
                 .limit = 1024 * kMebi,
                 .stage = 2});
     },
     "high: results of 1 GiB and more, over the limit of 1 GiB (stage 2) "
     "[spark.driver.maxResultSize: "
     "1g -> 4g] [spark.driver.memory: 1g -> 16g]"},
    {"KryoRequiresMoreThanThereIs", &kKryoBufferOverflow,
     [](ApplicationRun& run) {
       run.conf.Set("spark.kryoserializer.buffer.max", "1m");
       See(run, {.sight = Sight::kKryoOverflow, .amount = 1 * kMebi, .limit = 0});
     },
     "high: 1 time a record did not fit into Kryo's buffer of 1 MiB; 1 MiB more were required "
     "[spark.kryoserializer.buffer.max: 1m -> 2m]"},
    {"KryoRequiresABit", &kKryoBufferOverflow,
     [](ApplicationRun& run) {
       See(run, {.sight = Sight::kKryoOverflow, .amount = 8, .limit = 5});
     },
     "high: 1 time a record did not fit into Kryo's buffer of 64 MiB; 8 bytes more were required "
     "[spark.kryoserializer.buffer.max: 64m -> 128m]"},
    {"KryoAtItsEnd", &kKryoBufferOverflow,
     [](ApplicationRun& run) {
       run.conf.Set("spark.kryoserializer.buffer.max", "1500m");
       See(run, {.sight = Sight::kKryoOverflow, .amount = 8});
     },
     "high: 1 time a record did not fit into Kryo's buffer of 1.4 GiB; 8 bytes more were required "
     "[spark.kryoserializer.buffer.max: 1500m -> 2047m]"},
    {"KryoCannotGrow", &kKryoBufferOverflow,
     [](ApplicationRun& run) {
       run.conf.Set("spark.kryoserializer.buffer.max", "2047m");
       See(run, {.sight = Sight::kKryoOverflow, .amount = 8});
     },
     "high: 1 time a record did not fit into Kryo's buffer of 1.9 GiB; 8 bytes more were required"},
};

class TooLarge : public testing::TestWithParam<SymptomCase> {};
TEST_P(TooLarge, IsToldSo) { Check(GetParam()); }
INSTANTIATE_TEST_SUITE_P(Rows, TooLarge, testing::ValuesIn(kCases), NameOf);

}  // namespace
}  // namespace ballast::policy
