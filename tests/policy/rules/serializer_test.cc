#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

void WantsKryo(Workload&, Policy& policy) {
  policy.limits.serializer.require = SerializerChoice::kKryo;
}
void WantsAny(Workload&, Policy& policy) {
  policy.limits.serializer.require = SerializerChoice::kAny;
}
void WantsNoTracking(Workload&, Policy& policy) {
  policy.limits.serializer.registration_required = false;
  policy.limits.serializer.reference_tracking = false;
}
void WantsUnsafe(Workload&, Policy& policy) { policy.limits.serializer.unsafe = true; }
void WantsUnsafeOf33(Workload& workload, Policy& policy) {
  workload.versions = {{3, 3}, {3, 3}};
  WantsUnsafe(workload, policy);
}
void Reset100To1000(Workload&, Policy& policy) {
  policy.limits.serializer.object_stream_reset = {100, 1000};
}

const RuleCase kCases[] = {
    {"NoWish", {{"spark.kryo.unsafe", "true"}}, nullptr, ""},
    {"Any", {}, WantsAny, ""},
    {"KryoWhereUnset",
     {},
     WantsKryo,
     "rewrite: spark.serializer unset: the policy wants Kryo; use "
     "org.apache.spark.serializer.KryoSerializer "
     "[spark.serializer=org.apache.spark.serializer.KryoSerializer]"},
    {"KryoIsThere",
     {{"spark.serializer", "org.apache.spark.serializer.KryoSerializer"}},
     WantsKryo,
     ""},
    {"KryoInsteadOfJava",
     {{"spark.serializer", "org.apache.spark.serializer.JavaSerializer"}},
     WantsKryo,
     "rewrite: spark.serializer=org.apache.spark.serializer.JavaSerializer: the policy wants Kryo; "
     "use org.apache.spark.serializer.KryoSerializer "
     "[spark.serializer=org.apache.spark.serializer.KryoSerializer]"},
    {"SwitchesByValue",
     {{"spark.kryo.referenceTracking", "FALSE"}, {"spark.kryo.registrationRequired", "true"}},
     WantsNoTracking,
     "rewrite: spark.kryo.registrationRequired=true: the policy wants false; use false "
     "[spark.kryo.registrationRequired=false]"},
    {"SwitchByDefault",
     {},
     WantsNoTracking,
     "rewrite: spark.kryo.referenceTracking unset: the policy wants false; use false "
     "[spark.kryo.referenceTracking=false]"},
    {"UnsafeIsTheDefaultSince34", {}, WantsUnsafe, ""},
    {"UnsafeIsNotTheDefaultOf33",
     {},
     WantsUnsafeOf33,
     "rewrite: spark.kryo.unsafe unset: the policy wants true; use true [spark.kryo.unsafe=true]"},
    {"ResetAtTheMaximum", {{"spark.serializer.objectStreamReset", "1000"}}, Reset100To1000, ""},
    {"ResetOverTheMaximum",
     {{"spark.serializer.objectStreamReset", "1001"}},
     Reset100To1000,
     "rewrite: spark.serializer.objectStreamReset=1001: the policy wants at most 1000; use 1000 "
     "[spark.serializer.objectStreamReset=1000]"},
    {"NoReset",
     {{"spark.serializer.objectStreamReset", "-1"}},
     Reset100To1000,
     "rewrite: spark.serializer.objectStreamReset=-1: the policy wants at least 100; use 100 "
     "[spark.serializer.objectStreamReset=100]"},
    {"Unreadable", {{"spark.serializer.objectStreamReset", "often"}}, Reset100To1000, ""},
};

BALLAST_RULE_CASES(Serializer, kSerializer, kCases);

}  // namespace
}  // namespace ballast::policy
