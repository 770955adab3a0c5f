// What Spark itself would refuse at its start: the job would die after its pods were paid for.
//
//   reads     everything that spark-submit, the driver, the SparkContext and the executors check
//   rewrites  where one value is plainly meant: 1gb and 1Gi to 1g, 2048 to 2048m, 10sec to 10s
//   rejects   with Spark's own reason, when every Spark version that may run it refuses
//   warns     naming the versions, when only some of them refuse
//   example   spark.executor.memory=256m: Executor memory must be at least 471859200
//
// It runs twice: a repair before sizes are computed, and the verdict last, on what all other rules
// left.
#include <algorithm>

#include "policy/judged_settings.h"
#include "policy/plain_spelling.h"
#include "policy/replace_setting.h"
#include "policy/rules/rules.h"
#include "policy/spark_reference.h"
#include "policy/spark_settings.h"
#include "policy/startup_verdict.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kDriverHeap = "spark.driver.memory";
constexpr std::string_view kExecutorHeap = "spark.executor.memory";
// More misspelt settings than this in one application are no slips.
constexpr int kMostRepairs = 16;

bool IsNumber(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What the user plainly meant, in a spelling that Spark and the JVM read.
std::optional<std::string> PlainlyMeant(const Workload& workload, const SparkConf& conf,
                                        std::string_view key) {
  const auto raw = RawSetting(conf, key);
  const Setting* setting = FindSetting(key);
  if (!raw || setting == nullptr) return std::nullopt;
  const std::string_view text = JavaTrim(*raw);
  const bool heap = key == kDriverHeap || key == kExecutorHeap;
  // The pod is sized for that many MiB; the JVM, or the SparkContext, takes it for bytes.
  if (heap && IsNumber(text)) return std::string(text) + "m";
  if (auto plain = PlainSpelling(*setting, *raw); plain && plain->back() != 'b') return plain;
  if (key != kDriverHeap) return std::nullopt;
  const Result<int64_t> mebibytes = ReadInteger(conf, key, workload.versions.submit);
  if (!mebibytes.ok() || *mebibytes <= 0) return std::nullopt;
  return PrintSparkSize(Mebibytes(*mebibytes));
}

std::string WhyMisspelt(const SparkConf& conf, const StartupVerdict::Group& group) {
  const std::string_view raw = RawSetting(conf, group.setting).value_or("");
  if (group.stage == "driverXmx" || group.stage == "jvm") {
    return Join({"the driver's JVM does not take -Xmx", raw});
  }
  if (group.setting == kExecutorHeap && IsNumber(JavaTrim(raw))) {
    return "the SparkContext takes a number without a unit for bytes";
  }
  return "Spark cannot read it";
}

// What was meant, if Spark refuses nothing of that setting then.
std::optional<std::string> Helpful(const Workload& workload, const Context& context,
                                   const SparkConf& conf, std::string_view key) {
  auto meant = PlainlyMeant(workload, conf, key);
  if (!meant) return std::nullopt;
  SparkConf repaired = conf;
  for (const SettingChange& change : ReplacementOf(conf, key, *meant)) repaired.Apply(change);
  if (JudgeStartup(repaired, workload, context.possible_versions).Names(key)) return std::nullopt;
  return meant;
}

// One setting put right, if that is enough for it.
std::optional<Judgement> RepairOne(const Workload& workload, const Context& context,
                                   const StartupVerdict& verdict, SparkConf& conf) {
  if (!verdict.refused_by_all) return std::nullopt;
  for (const StartupVerdict::Group& group : verdict.groups) {
    if (!group.by_all) continue;
    auto meant = Helpful(workload, context, conf, group.setting);
    if (!meant) continue;
    Judgement judgement = Replace(conf, "misspelt value", Severity::kHigh, group.setting,
                                  std::move(*meant), WhyMisspelt(conf, group));
    for (const SettingChange& change : judgement.changes) conf.Apply(change);
    return judgement;
  }
  return std::nullopt;
}

Verdict Repair(const Workload& workload, const Context& context) {
  // What is only warned about is said once, by Judge.
  if (context.ModeOf(kSparkRefuses.id) != Mode::kEnforce) return {};
  // Nearly always there is nothing to do, and one version tells.
  StartupVerdict startup =
      JudgeStartup(workload.conf, workload, {&workload.versions, 1}, context.startup);
  if (startup.groups.empty()) return {};
  Verdict verdict;
  SparkConf conf = workload.conf;
  for (int i = 0; i < kMostRepairs; ++i) {
    // Where the version is known the first look was at all that are possible.
    if (i > 0 || !workload.version_known) {
      startup = JudgeStartup(conf, workload, context.possible_versions, context.startup);
    }
    auto judgement = RepairOne(workload, context, startup, conf);
    if (!judgement) break;
    verdict.push_back(std::move(*judgement));
  }
  return verdict;
}

// What Spark would take where the setting were not written.
std::string WithoutIt(const Workload& workload, std::string_view key) {
  const Setting* setting = FindSetting(key);
  if (setting == nullptr || !RawSetting(workload.conf, *setting)) return "";
  const std::string_view taken = setting->DefaultIn(workload.versions.runtime);
  return taken.empty() ? "" : Join({"; without it Spark takes ", taken});
}

// What would be admitted, where that can be said in a few words.
std::string Remedy(const Workload& workload, const Context& context,
                   const StartupVerdict::Group& group) {
  const std::string_view stage = group.stage;
  if (const auto raw = RawSetting(workload.conf, group.setting)) {
    const Setting* setting = FindSetting(group.setting);
    if (setting != nullptr && setting->type == SettingType::kBytes) {
      if (const auto whole = WholeSize(*raw)) return "; use " + *whole;
    }
    if (const auto meant = Helpful(workload, context, workload.conf, group.setting)) {
      return "; use " + *meant;
    }
  }
  if (stage == "kryo") return "; use at most 2047m";
  if (stage == "rpc") return "; use a bare number of MiB from 1 to 2047";
  if (stage == "taskSlots" && group.setting == "spark.task.cpus" &&
      ReadInteger(workload.conf, group.setting, workload.versions.runtime).value_or(0) > 0) {
    return "; give the executor at least the cores of one task";
  }
  if (group.setting == "spark.network.timeout" && stage == "sparkContext") {
    return "; spark.network.timeoutInterval is 60s by default";
  }
  const bool heap = group.setting == kDriverHeap || group.setting == kExecutorHeap;
  if (heap && (stage == "ummDriver" || stage == "ummExecutor")) return "; use at least 470m";
  return WithoutIt(workload, group.setting);
}

// Spark's own reason; it may repeat the value.
std::string ReasonOf(const SparkConf& conf, const StartupVerdict::Group& group) {
  std::string reason = group.message;
  const std::string_view value = RawSetting(conf, group.setting).value_or("");
  if (value.empty() || !MayHoldSecret(group.setting)) return reason;
  for (size_t at = reason.find(value); at != std::string::npos; at = reason.find(value, at)) {
    reason.replace(at, value.size(), "...");
    at += 3;
  }
  return reason;
}

Judgement Refused(const Workload& workload, const Context& context, const StartupVerdict& verdict,
                  const StartupVerdict::Group& group) {
  const SparkConf& conf = workload.conf;
  const bool not_known = group.message.ends_with(kNotKnownHere);
  std::string why =
      not_known ? Join({"it cannot be judged: ", ReasonOf(conf, group), "; write the value itself"})
                : Join({"Spark ", group.versions, " refuses it: ", ReasonOf(conf, group),
                        Remedy(workload, context, group)});
  std::replace(why.begin(), why.end(), '\n', ' ');
  const std::string_view reason = not_known ? "value not known here" : "refused by Spark";
  if (verdict.refused_by_all) {
    return RejectBecause(conf, reason, Severity::kCritical, group.setting, why);
  }
  return WarnAbout(conf, "refused by some Spark versions", Severity::kMedium, group.setting, why);
}

// A version whose arithmetic was never measured, where the named option wants that said.
std::optional<Judgement> UnknownVersionJudgement(const Workload& workload) {
  if (workload.unknown_version == UnknownVersion::kAsNearest) return std::nullopt;
  const bool refused = workload.unknown_version == UnknownVersion::kReject;
  // Without a number nobody knows what will run.
  const bool readable = workload.version_known;
  return (refused ? Reject : Warn)(
      "unknown Spark version", refused ? Severity::kHigh : Severity::kInfo,
      Join({"Spark ", workload.spark_version_text,
            readable ? " is" : " is no version (write it as 3.5.6), and so",
            " none of the versions that Ballast knows (", PrintSparkVersion(kOldestSpark), " to ",
            PrintSparkVersion(kNewestSpark),
            refused ? "), and such are not admitted" : "): it is judged as ",
            refused ? "" : PrintSparkVersion(workload.versions.runtime)}),
      {});
}

Verdict Judge(const Workload& workload, const Context& context) {
  const StartupVerdict startup =
      JudgeStartup(workload.conf, workload, context.possible_versions, context.startup);
  Verdict verdict;
  if (auto unknown = UnknownVersionJudgement(workload)) verdict.push_back(*std::move(unknown));
  for (const StartupVerdict::Group& group : startup.groups) {
    verdict.push_back(Refused(workload, context, startup, group));
  }
  return verdict;
}

}  // namespace

const Rule kSparkRefuses = {"spark-refuses",
                            "what Spark itself would refuse at its start, with its own reason",
                            &Judge, false, &Repair};

}  // namespace ballast::policy
