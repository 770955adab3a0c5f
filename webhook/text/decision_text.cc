#include "webhook/text/decision_text.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "k8s/json_text.h"
#include "policy/replace_setting.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

std::string Text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

int64_t Number(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<int64_t>() : 0;
}

bool Has(const json& object, const char* key) {
  return object.is_object() && object.contains(key) && !object[key].is_null();
}

std::string TasksText(int64_t slots) { return Grouped(slots) + (slots == 1 ? " task" : " tasks"); }

// What a kind calls its two roles.
struct RoleWords {
  const char* driver = "driver";
  const char* executors = "executors";
  const char* heap = "heap";  // of the latter: a worker offers memory to heaps of others
};

RoleWords RoleWordsOf(const std::string& kind) {
  if (kind == "SparkCluster") {
    return {.driver = "master", .executors = "workers", .heap = "offered"};
  }
  if (kind == "SparkConnect") return {.driver = "server"};
  return {};
}

// Only a pod template can ask for nothing: Spark always asks for something.
bool AsksNothing(const json& pod) {
  return Number(pod, "memoryMiB") == 0 && Number(pod, "cpuMillis") == 0;
}

// "31,539 MiB, 4 cpu, 4 tasks".
std::string PodText(const json& pod) {
  if (!pod.is_object()) return "cannot be sized";
  if (AsksNothing(pod)) return "requests nothing";
  std::string text =
      Grouped(Number(pod, "memoryMiB")) + " MiB, " + HumanCores(Number(pod, "cpuMillis")) + " cpu";
  const int64_t slots = Number(pod, "slots");
  if (slots > 0) text += ", " + TasksText(slots);
  return text;
}

// "28,672 heap + 4,096 overhead".
std::string PartsText(const json& pod, const char* heap) {
  if (!pod.is_object() || AsksNothing(pod)) return "";
  std::string text = Grouped(Number(pod, "heapMiB")) + " " + heap + " + " +
                     Grouped(Number(pod, "overheadMiB")) + " overhead";
  if (Number(pod, "offHeapMiB") > 0)
    text += " + " + Grouped(Number(pod, "offHeapMiB")) + " off-heap";
  if (Number(pod, "pysparkMiB") > 0)
    text += " + " + Grouped(Number(pod, "pysparkMiB")) + " PySpark";
  return text;
}

std::string CountText(const json& workload) {
  if (!Has(workload, "executors")) return "";
  const json& executors = workload["executors"];
  if (Has(executors, "instances")) return Grouped(Number(executors, "instances"));
  const int64_t max = Number(executors, "max");
  return Grouped(Number(executors, "min")) + " to " +
         (max >= INT32_MAX ? std::string("unlimited") : Grouped(max));
}

// Of a driver that runs its tasks by itself, for example: there is nothing to size or to place.
bool NoExecutors(const json& workload) {
  if (!Has(workload, "executors")) return false;
  const json& executors = workload["executors"];
  return (Has(executors, "instances") ? Number(executors, "instances")
                                      : Number(executors, "max")) == 0;
}

bool Unlimited(const json& workload) {
  return Has(workload, "executors") && Number(workload["executors"], "max") >= INT32_MAX;
}

std::string TotalsText(const json& workload) {
  if (!Has(workload, "totals")) return "";
  if (Unlimited(workload)) return "unlimited";
  const json& totals = workload["totals"];
  if (!Has(totals, "memoryMiB")) return "";
  return HumanMebibytes(static_cast<double>(Number(totals, "memoryMiB"))) + ", " +
         HumanCores(Number(totals, "cpuMillis")) + " cpu, " + TasksText(Number(totals, "slots"));
}

// The most executors that there will be.
int64_t Most(const json& workload) {
  const json& executors = workload["executors"];
  return Has(executors, "instances") ? Number(executors, "instances") : Number(executors, "max");
}

std::string PlacedText(const json& workload) {
  if (!Has(workload, "placement")) return "capacity is not known";
  if (!Has(workload["totals"], "memoryMiB")) return "cannot be told";
  const json& placement = workload["placement"];
  if (!Has(placement, "eligibleNodes")) return "capacity is not known";
  const int64_t per_node = Number(placement, "perNode");
  if (per_node == 0) return "fits no eligible node";
  const std::string where = ", " + Grouped(per_node) + " a node on " +
                            Grouped(Number(placement, "eligibleNodes")) + " nodes";
  const int64_t placeable = Number(placement, "placeable");
  if (Unlimited(workload)) return Grouped(placeable) + " at most" + where;
  const int64_t most = Most(workload);
  return Grouped(std::min(placeable, most)) + " of " + Grouped(most) + " at once" + where;
}

// Where more would be placed without the driver's pod.
std::string TakenText(const json& workload, const RoleWords& words) {
  if (!Has(workload, "placement") || !Has(workload, "executors")) return "";
  const json& placement = workload["placement"];
  const int64_t taken = Number(placement, "takenByDriver");
  if (taken == 0 || Number(placement, "placeable") >= Most(workload)) return "";
  return Grouped(taken) + " less for the " + words.driver;
}

// Where neither memory nor cores keep more executors from the nodes.
std::string PodsText(const json& workload) {
  if (!Has(workload, "placement") || !Has(workload["placement"], "podsPerNode")) return "";
  const json& placement = workload["placement"];
  const int64_t pods = Number(placement, "podsPerNode");
  if (pods == 0 || Number(placement, "perNode") < pods) return "";
  return Grouped(pods) + (pods == 1 ? " pod is" : " pods are") + " all that a node may hold";
}

std::string StrandedText(const json& workload) {
  if (!Has(workload, "placement")) return "";
  const json& placement = workload["placement"];
  if (Number(placement, "perNode") == 0) return "";
  const int64_t cpu = Number(placement, "strandedCpuMillis");
  const int64_t memory = Number(placement, "strandedMemoryMiB");
  if (cpu == 0 && memory == 0) return "nothing";
  return HumanCores(cpu) + " cpu and " + HumanMebibytes(static_cast<double>(memory));
}

Colour ColourOf(const std::string& word) {
  if (word == "Rejected" || word == "Reject") return Colour::kRed;
  if (word == "Rewritten" || word == "Rewrite" || word == "Warn") return Colour::kYellow;
  return Colour::kGreen;
}

std::string TableOf(const json& before, const json& after, const RoleWords& words,
                    const Paint& paint, const std::string& indent) {
  if (!before.is_object()) return "";
  const bool changed = after.is_object() && after != before;
  Table table({Table::Align::kLeft, Table::Align::kLeft, Table::Align::kLeft});
  table.Add(
      {"", paint(Colour::kBold, "as asked"), changed ? paint(Colour::kBold, "as admitted") : ""});
  auto row = [&](const char* name, const std::string& was, const std::string& is) {
    if (was.empty() && is.empty()) return;
    table.Add({name, was, !changed ? "" : is == was ? paint(Colour::kFaint, "the same") : is});
  };
  const json none;
  const json& result = changed ? after : none;
  auto part = [](const json& workload, const char* key) {
    return Has(workload, key) ? workload[key] : json();
  };
  row(words.driver, PodText(part(before, "driver")), PodText(part(result, "driver")));
  // A driver's pod by itself has no executors.
  if (!Has(before, "executors") && !Has(before, "executor")) return table.Print(indent);
  row(words.executors, CountText(before), CountText(result));
  if (NoExecutors(before) && (!changed || NoExecutors(result))) return table.Print(indent);
  row("each", PodText(part(before, "executor")), PodText(part(result, "executor")));
  row("  MiB", PartsText(part(before, "executor"), words.heap),
      PartsText(part(result, "executor"), words.heap));
  row("in all", TotalsText(before), TotalsText(result));
  row("placed", PlacedText(before), PlacedText(result));
  row("", TakenText(before, words), TakenText(result, words));
  row("", PodsText(before), PodsText(result));
  row("stranded", StrandedText(before), StrandedText(result));
  return table.Print(indent);
}

}  // namespace

std::string SizesTable(const json& before, const json& after, const Paint& paint,
                       const std::string& indent) {
  return TableOf(before, after, RoleWords(), paint, indent);
}

std::string FindingsText(const json& decision, const Paint& paint, const std::string& indent) {
  std::string text;
  for (const json& finding : decision.value("findings", json::array())) {
    const std::string action = Text(finding, "action");
    const std::string verb = action == "Rewrite"  ? "rewritten"
                             : action == "Reject" ? "rejected"
                                                  : "warning";
    const std::string inner = indent + std::string(11, ' ');
    text += indent + paint(ColourOf(action), verb) + std::string(11 - verb.size(), ' ') +
            paint(Colour::kBold, Text(finding, "rule"));
    text += policy::Join({"\n", inner, Wrapped(Text(finding, "message"), inner), "\n"});
  }
  return text;
}

std::string DecisionText(const json& decision, const Paint& paint) {
  const json& resource = decision["resource"];
  const std::string verdict = Text(decision, "verdict");
  std::string text =
      paint(Colour::kBold, Text(resource, "kind") + " " + Text(resource, "namespace") + "/" +
                               Text(resource, "name")) +
      "  " + paint(ColourOf(verdict), verdict) + "\n";
  const json& before = decision["before"];
  if (before.is_null() && decision.value("findings", json::array()).empty()) {
    const json warnings = decision.value("warnings", json::array());
    if (warnings.empty()) return text + "  not a kind that Ballast judges\n";
    // Of a version that is not known, for example.
    for (const json& warning : warnings) {
      text += "  " + Wrapped(warning.get<std::string>(), "  ") + "\n";
    }
    return text;
  }
  text += TableOf(before, decision["after"], RoleWordsOf(Text(resource, "kind")), paint, "  ");
  text += FindingsText(decision, paint, "  ");
  for (const json& operation : decision.value("patch", json::array())) {
    const std::string path = Text(operation, "path");
    if (path.starts_with("/metadata/annotations")) continue;  // the record, not a number
    text +=
        "  " + paint(Colour::kFaint, path) +
        (operation.contains("value") ? " = " + k8s::PrintJson(operation["value"]) : " removed") +
        "\n";
  }
  return text;
}

std::string SummaryText(const json& decisions) {
  std::map<std::string, int64_t> counts;
  for (const json& decision : decisions) ++counts[Text(decision, "verdict")];
  std::string text = Grouped(static_cast<int64_t>(decisions.size())) +
                     (decisions.size() == 1 ? " document" : " documents");
  const std::pair<const char*, const char*> kNames[] = {{"Admitted", "admitted"},
                                                        {"Rewritten", "rewritten"},
                                                        {"Exempt", "exempt"},
                                                        {"Rejected", "rejected"}};
  bool first = true;
  for (const auto& [verdict, name] : kNames) {
    if (counts[verdict] == 0) continue;
    text += (first ? ": " : ", ") + Grouped(counts[verdict]) + " " + name;
    first = false;
  }
  return text + "\n";
}

}  // namespace ballast::webhook
