#include "webhook/recommend/apply_settings.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "k8s/kinds/kind.h"
#include "k8s/patch.h"
#include "policy/java_number.h"
#include "policy/replace_setting.h"
#include "policy/spark_settings.h"
#include "policy/spark_size.h"
#include "webhook/admission/annotations.h"
#include "webhook/admission/check_document.h"
#include "webhook/admission/restore.h"
#include "webhook/text/print_yaml.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
using policy::Error;
using policy::Result;
using policy::VerdictKind;

std::string Written(const policy::Workload& workload, const std::string& key) {
  return std::string(policy::RawSetting(workload.conf, key).value_or(""));
}

// The mebibytes of a size, rounded up; nullopt: the setting is no size, or cannot be read.
std::optional<int64_t> SizeOf(const std::string& key, std::string_view text) {
  const policy::Setting* setting = policy::FindSetting(key);
  if (setting == nullptr || setting->type != policy::SettingType::kBytes) return std::nullopt;
  const auto amount = policy::BytesConf(text, setting->byte_unit, policy::kNewestSpark);
  if (!amount) return std::nullopt;
  const int64_t unit = int64_t{1} << (10 * static_cast<int>(setting->byte_unit));
  return policy::Bytes(policy::SaturatingMultiply(*amount, unit)).mebibytes_ceil();
}

bool MeansTheSame(const std::string& key, const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto size = SizeOf(key, a);
  return size && size == SizeOf(key, b);
}

// A size's mebibytes, or a whole number; nullopt of anything else.
std::optional<int64_t> NumberOf(const std::string& key, const std::string& text) {
  if (const auto size = SizeOf(key, text)) return size;
  const policy::Result<int64_t> number = policy::ParseJavaInt(text);
  return number.ok() ? std::optional(*number) : std::nullopt;
}

// The same for what counts where nothing is written.
std::optional<int64_t> NumberIn(const policy::Workload& workload, const std::string& key,
                                const std::string& text) {
  if (!text.empty()) return NumberOf(key, text);
  const policy::DerivedSizes& sizes = workload.sizes;
  if (key == "spark.executor.memoryOverhead" && sizes.executor.ok()) {
    return sizes.executor->overhead.mebibytes_ceil();
  }
  if (key == "spark.driver.memoryOverhead" && sizes.driver.ok()) {
    return sizes.driver->overhead.mebibytes_ceil();
  }
  const policy::Setting* setting = policy::FindSetting(key);
  if (setting == nullptr) return std::nullopt;
  return NumberOf(key, std::string(setting->DefaultIn(workload.versions.runtime)));
}

// Why the manifest's own value stays: it goes further already than the wish, which is of a run that
// had another. Empty: it does not.
std::string WhyKept(const policy::Workload& asked, const SettingWish& wish) {
  if (!wish.run_value) return "";
  const auto wanted = NumberOf(wish.key, wish.value);
  const auto has = NumberIn(asked, wish.key, Written(asked, wish.key));
  // An overhead that the run left unset counts as none: what it came to there is not known here.
  const auto had = NumberIn(policy::Workload(), wish.key, *wish.run_value);
  if (!wanted || !has) return "";
  const bool more = !had || *wanted > *had;
  const std::string of_run = wish.run_value->empty() ? "left it unset" : "had " + *wish.run_value;
  if (more ? *has > *wanted : *has < *wanted) {
    return std::string(more ? "it is more than " : "it is less than ") + wish.value +
           " already; the run " + of_run;
  }
  // Fewer of something that the manifest has many more of than the run: nobody knows how many.
  if (!more && !SizeOf(wish.key, wish.value) && *has > *had) {
    return wish.value + " is for the run, which " + of_run;
  }
  return "";
}

// One manifest while wishes are tried on it.
class Trial {
 public:
  Trial(const k8s::ManifestDocument& document, const k8s::Kind& kind, json object,
        policy::Workload asked, const Snapshot& snapshot, std::string_view namespace_name,
        int64_t now_seconds)
      : document_(document),
        kind_(kind),
        object_(std::move(object)),
        asked_(std::move(asked)),
        snapshot_(snapshot),
        namespace_name_(namespace_name),
        now_seconds_(now_seconds) {}

  const policy::Workload& asked() const { return asked_; }

  // The manifest with these settings, and how it is judged.
  struct Outcome {
    k8s::ManifestDocument document;
    AdmissionAnswer answer;
    bool admitted() const { return answer.decision.verdict != VerdictKind::kRejected; }
  };
  Result<Outcome> With(std::span<const SettingWish> wishes) const {
    policy::Workload wanted = asked_;
    for (const SettingWish& wish : wishes) {
      for (const auto& change : policy::ReplacementOf(wanted.conf, wish.key, wish.value)) {
        wanted.conf.Apply(change);
      }
    }
    policy::Derive(wanted);
    const k8s::Patch patch = kind_.render(k8s::JsonView(object_), asked_, wanted);
    auto object = k8s::ApplyPatch(object_, patch);
    if (!object) return object.error();
    Outcome outcome;
    outcome.document = document_;
    outcome.document.object = *std::move(object);
    auto checked = CheckDocument(outcome.document, snapshot_, namespace_name_, now_seconds_);
    if (!checked) return checked.error();
    outcome.answer = std::move(checked->answer);
    return outcome;
  }

 private:
  const k8s::ManifestDocument& document_;
  const k8s::Kind& kind_;
  json object_;
  policy::Workload asked_;
  const Snapshot& snapshot_;
  std::string_view namespace_name_;
  int64_t now_seconds_;
};

// The first reason of a rejection.
std::string Refusal(const AdmissionAnswer& answer) {
  for (const policy::Finding& finding : answer.decision.findings) {
    if (finding.action == policy::Action::kReject) {
      return std::string(finding.rule) + ": " + finding.message;
    }
  }
  return answer.message;
}

// The wishes that are granted, with the values that are, and why the others are not.
struct Grants {
  std::vector<SettingWish> granted;
  std::vector<std::pair<std::string, std::string>> refused;  // key -> why
};

std::string PrintMebibytes(int64_t mebibytes) {
  return policy::PrintSparkSize(policy::Mebibytes(mebibytes));
}

// The largest size between what the manifest has and what is wished that is admitted beside what
// was granted before, in steps of 256 MiB; nullopt: none is.
Result<std::optional<SettingWish>> AsFarAsAdmitted(const Trial& trial, const Grants& grants,
                                                   const SettingWish& wish) {
  constexpr int64_t kStep = 256;
  const auto most = SizeOf(wish.key, wish.value);
  std::string from = Written(trial.asked(), wish.key);
  if (from.empty() && most) {
    from = policy::FindSetting(wish.key)->DefaultIn(trial.asked().versions.runtime);
  }
  const auto least = SizeOf(wish.key, from);
  if (!most || !least || *most <= *least) return std::optional<SettingWish>();
  int64_t good = -1;                                   // in steps above `least`
  int64_t bad = (*most - *least + kStep - 1) / kStep;  // the wish itself
  while (bad - std::max<int64_t>(good, 0) > 1) {
    const int64_t middle = std::max<int64_t>(good, 0) + (bad - std::max<int64_t>(good, 0)) / 2;
    std::vector<SettingWish> wishes = grants.granted;
    wishes.push_back({wish.key, PrintMebibytes(*least + middle * kStep), wish.why});
    const auto outcome = trial.With(wishes);
    if (!outcome) return outcome.error();
    (outcome->admitted() ? good : bad) = middle;
  }
  if (good <= 0) return std::optional<SettingWish>();
  return std::optional(SettingWish{wish.key, PrintMebibytes(*least + good * kStep), wish.why});
}

Result<Grants> GrantOneByOne(const Trial& trial, std::span<const SettingWish> wishes) {
  Grants grants;
  for (const SettingWish& wish : wishes) {
    std::vector<SettingWish> tried = grants.granted;
    tried.push_back(wish);
    const auto outcome = trial.With(tried);
    if (!outcome) return outcome.error();
    if (outcome->admitted()) {
      grants.granted = std::move(tried);
      continue;
    }
    grants.refused.emplace_back(wish.key, Refusal(outcome->answer));
    auto nearest = AsFarAsAdmitted(trial, grants, wish);
    if (!nearest) return nearest.error();
    if (*nearest) grants.granted.push_back(**std::move(nearest));
  }
  return grants;
}

// The annotations of an object, or nullptr where it has none.
json* AnnotationsOf(json& object) {
  const json::json_pointer path("/metadata/annotations");
  if (!object.contains(path) || !object[path].is_object()) return nullptr;
  return &object[path];
}

// What the policy would write, without the record of it: the result is what the user asks for now.
void RemoveRecord(json& object) {
  json* annotations = AnnotationsOf(object);
  if (annotations == nullptr) return;
  annotations->erase(std::string(kOriginal));
  annotations->erase(std::string(kDecision));
  if (annotations->empty()) object["metadata"].erase("annotations");
}

// A user who refuses rewrites wants to write them himself, as is done here: the annotation is set
// aside, and comes back into what is then admitted as it is.
std::optional<json> SetRewriteAside(json& object) {
  json* annotations = AnnotationsOf(object);
  if (annotations == nullptr || !annotations->contains(std::string(kRewrite))) return std::nullopt;
  json kept = (*annotations)[std::string(kRewrite)];
  annotations->erase(std::string(kRewrite));
  return kept;
}

// Why a setting is not what was wished: it was refused, or a rule wrote another value.
std::string TradedFor(const std::string& key, const Grants& grants,
                      const policy::Decision& decision) {
  for (const auto& [refused, why] : grants.refused) {
    if (refused == key) return why;
  }
  for (const policy::Finding& finding : decision.findings) {
    const auto& keys = finding.settings;
    if (finding.action == policy::Action::kRewrite &&
        std::find(keys.begin(), keys.end(), key) != keys.end()) {
      return std::string(finding.rule) + ": " + finding.message;
    }
  }
  return "this kind has no place for it";
}

std::string OneLine(std::string text) {
  for (char& c : text) c = c == '\n' || c == '\r' ? ' ' : c;
  return text;
}

}  // namespace

Result<RecommendedManifest> ApplySettings(const k8s::ManifestDocument& document,
                                          std::span<const SettingWish> all_wishes,
                                          const Snapshot& snapshot, std::string_view namespace_name,
                                          int64_t now_seconds) {
  // What Ballast rewrote before is judged anew, from what its user wrote.
  json object = document.object;
  if (auto restored = Restore(object)) object = *std::move(restored);
  const auto rewrite = SetRewriteAside(object);
  const k8s::JsonView view(object);
  const k8s::Kind* kind = k8s::FindKind(view);
  if (kind == nullptr) return Error{"", "is no Spark object: settings have no place in it"};
  auto asked = kind->normalise(view, snapshot.read_options);
  if (!asked) return asked.error();
  policy::Derive(*asked);
  const policy::Workload before = *asked;
  RecommendedManifest manifest;
  std::vector<SettingWish> wishes;
  for (const SettingWish& wish : all_wishes) {
    std::string kept = WhyKept(before, wish);
    if (kept.empty()) {
      wishes.push_back(wish);
      continue;
    }
    const std::string has = Written(before, wish.key);
    manifest.settings.push_back({wish.key, has, wish.value, has, wish.why, "", std::move(kept)});
  }
  const Trial trial(document, *kind, object, *std::move(asked), snapshot, namespace_name,
                    now_seconds);

  Grants grants{{wishes.begin(), wishes.end()}, {}};
  auto outcome = trial.With(grants.granted);
  if (!outcome) return outcome.error();
  if (!outcome->admitted()) {
    const std::string refusal = Refusal(outcome->answer);
    auto some = GrantOneByOne(trial, wishes);
    if (!some) return some.error();
    grants = *std::move(some);
    outcome = trial.With(grants.granted);
    if (!outcome) return outcome.error();
    if (!outcome->admitted()) {
      return Error{"", "is rejected, with what is recommended and without it: " + refusal};
    }
  }
  auto admitted = k8s::ApplyPatch(outcome->document.object, outcome->answer.patch);
  if (!admitted) return admitted.error();
  manifest.object = *std::move(admitted);
  RemoveRecord(manifest.object);
  if (rewrite) manifest.object["metadata"]["annotations"][std::string(kRewrite)] = *rewrite;
  const auto after = kind->normalise(k8s::JsonView(manifest.object), snapshot.read_options);
  if (!after) return after.error();
  const policy::Decision& decision = outcome->answer.decision;
  for (const SettingWish& wish : wishes) {
    GrantedSetting setting{
        wish.key, Written(before, wish.key), wish.value, Written(*after, wish.key), wish.why, "",
        ""};
    if (MeansTheSame(wish.key, setting.got, wish.value)) {
      setting.got = wish.value;
    } else {
      setting.traded = TradedFor(wish.key, grants, decision);
    }
    manifest.settings.push_back(std::move(setting));
  }
  for (const policy::Finding& finding : decision.findings) {
    if (finding.action != policy::Action::kRewrite) continue;
    manifest.rewrites.push_back(std::string(finding.rule) + ": " + finding.message);
  }
  return manifest;
}

std::string PrintRecommended(const RecommendedManifest& manifest) {
  std::string text;
  if (manifest.settings.empty()) text += "# no setting is recommended\n";
  for (const GrantedSetting& setting : manifest.settings) {
    const auto value = [](const std::string& one) { return one.empty() ? "unset" : one; };
    if (!setting.kept.empty()) {
      text += "# " + setting.key + ": " + value(setting.from) + " stays: " + OneLine(setting.why) +
              "\n#   but " + OneLine(setting.kept) + "\n";
      continue;
    }
    text += "# " + setting.key + ": " + value(setting.from) + " -> " + value(setting.got) + ": " +
            OneLine(setting.why) + "\n";
    if (setting.traded.empty()) continue;
    text += "#   traded: " + setting.wanted +
            " is not what is admitted: " + OneLine(setting.traded) + "\n";
  }
  for (const std::string& rewrite : manifest.rewrites) {
    text += "# by the policy: " + OneLine(rewrite) + "\n";
  }
  return text + PrintYaml(manifest.object);
}

}  // namespace ballast::webhook
