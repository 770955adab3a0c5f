#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

void PolicyOf1g(Workload&, Policy& policy) { policy.limits.kryo_buffer_max = Gibibytes(1); }
void PolicyOf32m(Workload&, Policy& policy) { policy.limits.kryo_buffer_max = Mebibytes(32); }
void PolicyOf4g(Workload&, Policy& policy) { policy.limits.kryo_buffer_max = Gibibytes(4); }
void Share29OfHeap(Workload&, Policy& policy) { policy.limits.kryo_heap_share = 0.29; }
void TenthOfHeap(Workload&, Policy& policy) { policy.limits.kryo_heap_share = 0.1; }

const RuleCase kCases[] = {
    {"Unset", {}, nullptr, ""},
    {"LargestThatSparkTakes", {{"spark.kryoserializer.buffer.max", "2047m"}}, nullptr, ""},
    {"OneMore",
     {{"spark.kryoserializer.buffer.max", "2048m"}},
     nullptr,
     "rewrite: spark.kryoserializer.buffer.max=2048m: Spark refuses 2048 MiB and more; use 2047m "
     "[spark.kryoserializer.buffer.max=2047m]"},
    {"OneByteLessThan2g", {{"spark.kryoserializer.buffer.max", "2147483647b"}}, nullptr, ""},
    {"InGibibytes",
     {{"spark.kryoserializer.buffer.max", "4g"}},
     nullptr,
     "rewrite: spark.kryoserializer.buffer.max=4g: Spark refuses 2048 MiB and more; use 2047m "
     "[spark.kryoserializer.buffer.max=2047m]"},
    {"OldSpelling",
     {{"spark.kryoserializer.buffer.max.mb", "4096"}},
     nullptr,
     "rewrite: spark.kryoserializer.buffer.max.mb=4096: Spark refuses 2048 MiB and more; use 2047m "
     "[spark.kryoserializer.buffer.max=2047m, -spark.kryoserializer.buffer.max.mb]"},
    {"OldSpellingThatTheNewOneBeats",
     {{"spark.kryoserializer.buffer.max.mb", "4096"}, {"spark.kryoserializer.buffer.max", "64m"}},
     nullptr,
     ""},
    {"AtThePolicy", {{"spark.kryoserializer.buffer.max", "1g"}}, PolicyOf1g, ""},
    {"OverThePolicy",
     {{"spark.kryoserializer.buffer.max", "1025m"}},
     PolicyOf1g,
     "rewrite: spark.kryoserializer.buffer.max=1025m: the policy allows 1024 MiB; use 1024m "
     "[spark.kryoserializer.buffer.max=1024m]"},
    {"PolicyAboveSpark",
     {{"spark.kryoserializer.buffer.max", "3g"}},
     PolicyOf4g,
     "rewrite: spark.kryoserializer.buffer.max=3g: Spark refuses 2048 MiB and more; use 2047m "
     "[spark.kryoserializer.buffer.max=2047m]"},
    {"DefaultOverThePolicy",
     {},
     PolicyOf32m,
     "rewrite: spark.kryoserializer.buffer.max unset: the policy allows 32 MiB; use 32m "
     "[spark.kryoserializer.buffer.max=32m]"},
    {"ShareOfOneSlot",
     {{"spark.kryoserializer.buffer.max", "512m"},
      {"spark.executor.memory", "8g"},
      {"spark.executor.cores", "4"}},
     TenthOfHeap,
     "rewrite: spark.kryoserializer.buffer.max=512m: at most 10 % of the heap of one task slot, "
     "204 MiB; use 204m [spark.kryoserializer.buffer.max=204m]"},
    {"ShareOfOneSlotAtIt",
     {{"spark.kryoserializer.buffer.max", "204m"},
      {"spark.executor.memory", "8g"},
      {"spark.executor.cores", "4"}},
     TenthOfHeap,
     ""},
    {"ShareThatNoDoubleIs",
     {{"spark.kryoserializer.buffer.max", "2g"},
      {"spark.executor.memory", "25g"},
      {"spark.executor.cores", "4"}},
     Share29OfHeap,
     "rewrite: spark.kryoserializer.buffer.max=2g: Spark refuses 2048 MiB and more; use 1856m "
     "[spark.kryoserializer.buffer.max=1856m]"},
    {"OverAShareThatNoDoubleIs",
     {{"spark.kryoserializer.buffer.max", "1857m"},
      {"spark.executor.memory", "25g"},
      {"spark.executor.cores", "4"}},
     Share29OfHeap,
     "rewrite: spark.kryoserializer.buffer.max=1857m: at most 29 % of the heap of one task slot, "
     "1856 MiB; use 1856m [spark.kryoserializer.buffer.max=1856m]"},
    {"BufferAboveMaximum",
     {{"spark.kryoserializer.buffer", "128m"}},
     nullptr,
     "warn: spark.kryoserializer.buffer.max unset: below spark.kryoserializer.buffer=128m, and "
     "Spark takes the larger as the maximum"},
    {"BufferAboveMaximumByPolicy",
     {{"spark.kryoserializer.buffer", "128m"}},
     PolicyOf1g,
     "rewrite: spark.kryoserializer.buffer.max unset: below spark.kryoserializer.buffer=128m, and "
     "Spark takes the larger as the maximum; use 128m [spark.kryoserializer.buffer.max=128m]"},
    {"BufferThatSparkRefuses",
     {{"spark.kryoserializer.buffer", "2g"}, {"spark.kryoserializer.buffer.max", "256m"}},
     nullptr,
     "rewrite: spark.kryoserializer.buffer=2g: Spark refuses 2048 MiB and more; use 256m "
     "[spark.kryoserializer.buffer=256m]"},
    {"BothTooLarge",
     {{"spark.kryoserializer.buffer", "3g"}, {"spark.kryoserializer.buffer.max", "3g"}},
     nullptr,
     "rewrite: spark.kryoserializer.buffer.max=3g: Spark refuses 2048 MiB and more; use 2047m "
     "[spark.kryoserializer.buffer.max=2047m]\n"
     "rewrite: spark.kryoserializer.buffer=3g: Spark refuses 2048 MiB and more; use 2047m "
     "[spark.kryoserializer.buffer=2047m]"},
    {"Unreadable", {{"spark.kryoserializer.buffer.max", "2gigs"}}, PolicyOf1g, ""},
};

BALLAST_RULE_CASES(KryoBuffer, kKryoBuffer, kCases);

}  // namespace
}  // namespace ballast::policy
