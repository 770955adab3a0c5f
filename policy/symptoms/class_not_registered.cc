// With spark.kryo.registrationRequired every class that is serialized has to be registered.
//
//   sees     "Class is not registered: X" of text logs and of failed tasks
//   proposes X added to spark.kryo.classesToRegister
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kClasses = "spark.kryo.classesToRegister";

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& seen = run.sightings.of(Sight::kClassNotRegistered);
  if (!seen.seen()) return {};
  SymptomFinding finding = {
      .severity = Severity::kHigh,
      .summary = "Kryo met a class that is not registered: " + seen.name,
      .cause =
          "spark.kryo.registrationRequired is on, so every class that Kryo writes has to be "
          "registered. After this one there may be others.",
      .evidence = EvidenceOf(seen)};
  const std::string now = SettingNow(run, kClasses);
  finding.settings.push_back(Propose(run, kClasses, (now.empty() ? "" : now + ",") + seen.name,
                                     "registers the class that was missing"));
  return {finding};
}

}  // namespace

const Symptom kClassNotRegistered = {"class-not-registered", "a class that Kryo was told to refuse",
                                     Look};

}  // namespace ballast::policy
