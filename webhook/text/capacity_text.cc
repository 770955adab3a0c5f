#include "webhook/text/capacity_text.h"

#include <algorithm>
#include <numeric>

#include "policy/print_value.h"
#include "policy/replace_setting.h"

namespace ballast::webhook {
namespace {

using policy::ByteSize;
using policy::MilliCpu;

constexpr size_t kBarWidth = 30;

std::string Human(ByteSize size) {
  return HumanMebibytes(static_cast<double>(size.bytes()) / (1 << 20));
}

double Share(int64_t part, int64_t whole) {
  return whole <= 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

ByteSize PerCore(ByteSize memory, MilliCpu cpu) {
  if (cpu.millis() <= 0) return {};
  return policy::Bytes(static_cast<int64_t>(static_cast<double>(memory.bytes()) * 1000 /
                                            static_cast<double>(cpu.millis())));
}

// Nodes that are alike have the name of one of them; a declared pool has its own.
std::string ClassName(const std::string& name, int64_t count, bool declared) {
  return declared || count == 1 ? name : "like " + name;
}

// ", 2 more are left out: not ready or unschedulable"; empty where all can run something.
std::string LeftOutText(const policy::ClassRecommendation& nodes) {
  if (nodes.left_out <= 0) return "";
  return ", " + Grouped(nodes.left_out) + (nodes.left_out == 1 ? " more is" : " more are") +
         " left out: not ready or unschedulable";
}

std::string CoresText(MilliCpu cpu) {
  return HumanCores(cpu.millis()) + (cpu == policy::Cores(1) ? " core" : " cores");
}

std::string ShapeText(const policy::PodShape& shape) {
  return CoresText(shape.cpu) + ", " + policy::PrintExactSize(shape.heap) + " + " +
         policy::PrintExactSize(shape.overhead);
}

// What the memory-to-core ratio of the executors does to this cluster, in one sentence.
std::string WhatIsWrong(const policy::WorkloadFit& fit) {
  const policy::PlacementReport& placement = fit.placement;
  if (placement.eligible_nodes == 0) return "No node may run these executors.";
  if (placement.per_node == 0) {
    return "An executor fits on no node: all of them would stay Pending.";
  }
  if (fit.good()) {
    return "Nothing: all executors fit at once, and take close shares of memory and cores.";
  }
  const double asked = static_cast<double>(fit.memory_per_core.bytes());
  const double there = static_cast<double>(fit.cluster_memory_per_core.bytes());
  std::string text;
  if (fit.placed < fit.executors) {
    const int64_t waiting = fit.executors - fit.placed;
    text +=
        Grouped(waiting) + " of " + Grouped(fit.executors) +
        (waiting == 1 ? " executors never starts: at most " : " executors never start: at most ") +
        Grouped(placement.per_node) + (placement.per_node == 1 ? " fits" : " fit") + " on a node" +
        (placement.pods_bound() ? ", which may hold no more pods" : "") +
        (placement.taken_by_driver > 0 ? ", and the driver takes a place. " : ". ");
  }
  const bool stranded =
      placement.stranded_cpu > MilliCpu() || placement.stranded_memory > ByteSize();
  if (placement.pods_bound() && stranded) {
    return text + "When no node may hold more pods, " +
           HumanCores(placement.stranded_cpu.millis()) + " cores and " +
           Human(placement.stranded_memory) + " beside them can be used by nothing of this shape.";
  }
  const bool memory_bound = asked > there * 1.1;
  if (!memory_bound && asked * 1.1 >= there) return text;
  text += memory_bound ? "Memory-bound" : "Core-bound";
  text += ": an executor asks for " + Human(fit.memory_per_core) + " a core, the nodes have " +
          Human(fit.cluster_memory_per_core) + " a core.";
  if (memory_bound && placement.stranded_cpu > MilliCpu()) {
    text += " When the memory is gone, " + HumanCores(placement.stranded_cpu.millis()) +
            " cores beside it can be used by nothing of this shape.";
  }
  if (!memory_bound && placement.stranded_memory > ByteSize()) {
    text += " When the cores are gone, " + Human(placement.stranded_memory) +
            " beside them can be used by nothing of this shape.";
  }
  return text;
}

// Where no other shape is better.
std::string KeepShape(const policy::WorkloadFit& fit) {
  if (fit.placement.per_node == 0) {
    return "Give these executors other nodes: no executor of any shape fits beside the driver on "
           "these.";
  }
  if (fit.placed == fit.executors) return "Keep this shape: no other strands less.";
  if (fit.allowed.executors < fit.placed) {
    return "Ask for " + Grouped(fit.allowed.executors) +
           " executors, as many as the policy allows (" + fit.allowed.because +
           "): no other shape strands less.";
  }
  return "Ask for " + Grouped(fit.placed) +
         " executors, or give them more nodes: no other shape strands less.";
}

std::string WhatToDo(const policy::WorkloadFit& fit) {
  if (!fit.better) return KeepShape(fit);
  const policy::ShapeOption& better = *fit.better;
  const ByteSize kept = better.shape.off_heap + better.shape.pyspark;
  std::string text =
      "Ask for " + Grouped(better.proposed) + " executors of " + CoresText(better.shape.cpu) +
      " and " + policy::PrintExactSize(better.shape.heap) + " heap + " +
      policy::PrintExactSize(better.shape.overhead) + " overhead" +
      (kept > ByteSize() ? " + " + policy::PrintExactSize(kept) + " beside them, as now" : "") +
      " (" + Human(better.shape.memory()) +
      "): " + HumanCores((better.shape.cpu * better.proposed).millis()) + " cores and " +
      Human(better.shape.memory() * better.proposed) + " in all, " + Grouped(better.per_node) +
      " on a node.";
  if (better.proposed < better.executors) {
    text += " The policy allows no more: " + better.because + ".";
  }
  if (fit.better_heap_per_slot < fit.heap_per_slot) {
    text += " Memory per task falls from " + Human(fit.heap_per_slot) + " of heap to " +
            Human(fit.better_heap_per_slot) +
            ": right if a task can live with that; more partitions make tasks smaller.";
  }
  return text;
}

nlohmann::json OptionJson(const policy::ShapeOption& option) {
  nlohmann::json settings = nlohmann::json::object();
  for (const auto& [key, value] : policy::SettingsOf(option)) settings[key] = value;
  return {{"heapMiB", option.shape.heap.mebibytes()},
          {"overheadMiB", option.shape.overhead.mebibytes()},
          {"memoryMiB", option.shape.memory().mebibytes()},
          {"cpuMillis", option.shape.cpu.millis()},
          {"perNode", option.per_node},
          {"executors", option.executors},
          {"proposed", option.proposed},
          {"strandedCpuMillis", option.stranded_cpu.millis()},
          {"strandedMemoryMiB", option.stranded_memory.mebibytes()},
          {"waste", option.waste},
          {"settings", settings}};
}

}  // namespace

std::string ClusterText(const policy::EligibleNodes& nodes, const Paint& paint) {
  if (!nodes.known()) return "cluster  capacity is not known: " + nodes.abstain + "\n";
  const ByteSize memory = nodes.memory();
  const MilliCpu cpu = nodes.cpu();
  std::string text = paint(Colour::kBold, "cluster") + "  " + Grouped(nodes.nodes()) + " nodes, " +
                     Human(memory) + " and " + HumanCores(cpu.millis()) +
                     " cores for Spark: " + paint(Colour::kBold, Human(PerCore(memory, cpu))) +
                     " a core\n\n";
  using Align = Table::Align;
  Table table({Align::kLeft, Align::kRight, Align::kRight, Align::kLeft, Align::kRight,
               Align::kLeft, Align::kRight, Align::kRight});
  table.Add({"nodes", "count", "ready", "memory", "each", "cores", "each", "a core"});
  for (const policy::EligibleNodes::Group& group : nodes.groups) {
    table.Add({ClassName(group.name, group.count, group.declared), Grouped(group.count),
               Grouped(group.ready),
               paint(Colour::kBlue,
                     Bar(Share((group.room.memory * group.count).bytes(), memory.bytes()), 16)),
               Human(group.room.memory),
               paint(Colour::kGreen,
                     Bar(Share((group.room.cpu * group.count).millis(), cpu.millis()), 16)),
               HumanCores(group.room.cpu.millis()),
               Human(PerCore(group.room.memory, group.room.cpu))});
  }
  return text + table.Print("  ");
}

nlohmann::json ClusterJson(const policy::EligibleNodes& nodes) {
  nlohmann::json groups = nlohmann::json::array();
  for (const policy::EligibleNodes::Group& group : nodes.groups) {
    groups.push_back({{"name", group.name},
                      {"count", group.count},
                      {"ready", group.ready},
                      {"declared", group.declared},
                      {"memoryMiB", group.room.memory.mebibytes()},
                      {"cpuMillis", group.room.cpu.millis()}});
  }
  return {{"known", nodes.known()},
          {"nodes", nodes.nodes()},
          {"memoryMiB", nodes.memory().mebibytes()},
          {"cpuMillis", nodes.cpu().millis()},
          {"memoryPerCoreMiB", PerCore(nodes.memory(), nodes.cpu()).mebibytes()},
          {"classes", std::move(groups)}};
}

std::string FitText(const policy::WorkloadFit& fit, const policy::Workload& workload,
                    const Paint& paint) {
  const policy::PodShape& executor = *workload.sizes.executor;
  std::string text =
      paint(Colour::kBold, workload.resource.name.empty()
                               ? std::string("workload")
                               : workload.resource.kind + " " + workload.resource.name) +
      "  " + Grouped(fit.executors) + " executors of " + ShapeText(executor) + " (" +
      Human(executor.memory()) + ")\n\n";
  Table table(
      {Table::Align::kLeft, Table::Align::kLeft, Table::Align::kRight, Table::Align::kLeft});
  auto row = [&](const char* name, double share, const std::string& asked,
                 const std::string& there) {
    table.Add({name, paint(share > 1 ? Colour::kRed : Colour::kBlue, Bar(share, kBarWidth)),
               Percent(share), asked + " of " + there});
  };
  row("memory", fit.memory_share(), Human(fit.asked_memory), Human(fit.cluster_memory));
  row("cores", fit.cpu_share(), HumanCores(fit.asked_cpu.millis()),
      HumanCores(fit.cluster_cpu.millis()));
  row("placed", Share(fit.placed, fit.executors), Grouped(fit.placed),
      Grouped(fit.executors) + " executors");
  text += table.Print("  ");
  text += "\n  " + paint(Colour::kYellow, "wrong") + "  " + Wrapped(WhatIsWrong(fit), "         ") +
          "\n";
  text += "  " + paint(Colour::kGreen, "do") + "     " + Wrapped(WhatToDo(fit), "         ") + "\n";
  if (fit.better) {
    for (const auto& [key, value] : policy::SettingsOf(*fit.better)) {
      text += policy::Join({"         ", key, "=", value, "\n"});
    }
  }
  return text;
}

nlohmann::json FitJson(const policy::WorkloadFit& fit) {
  return {{"executors", fit.executors},
          {"placed", fit.placed},
          {"askedMemoryMiB", fit.asked_memory.mebibytes()},
          {"askedCpuMillis", fit.asked_cpu.millis()},
          {"memoryShare", fit.memory_share()},
          {"cpuShare", fit.cpu_share()},
          {"memoryPerCoreMiB", fit.memory_per_core.mebibytes()},
          {"clusterMemoryPerCoreMiB", fit.cluster_memory_per_core.mebibytes()},
          {"perNode", fit.placement.per_node},
          {"podsPerNode", fit.placement.pods},
          {"strandedCpuMillis", fit.placement.stranded_cpu.millis()},
          {"strandedMemoryMiB", fit.placement.stranded_memory.mebibytes()},
          {"wrong", WhatIsWrong(fit)},
          {"do", WhatToDo(fit)},
          {"better", fit.better ? OptionJson(*fit.better) : nlohmann::json()}};
}

std::string RecommendationText(const std::vector<policy::ClassRecommendation>& classes, bool all,
                               const Paint& paint) {
  std::string text;
  for (const policy::ClassRecommendation& nodes : classes) {
    if (!text.empty()) text += "\n";
    text +=
        paint(Colour::kBold, ClassName(nodes.name, nodes.nodes + nodes.left_out, nodes.declared)) +
        "  " + Grouped(nodes.nodes) + (nodes.nodes == 1 ? " node of " : " nodes of ") +
        Human(nodes.room.memory) + " and " + CoresText(nodes.room.cpu) + LeftOutText(nodes) + "\n";
    if (nodes.nodes == 0) continue;
    if (nodes.options.empty()) {
      text += "  no executor that the policy allows fits beside the driver on these nodes\n";
      continue;
    }
    using Align = Table::Align;
    Table table({Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight,
                 Align::kRight, Align::kRight, Align::kRight, Align::kRight});
    table.Add({"", "cores", "heap", "overhead", "a node", "executors", "cores left", "memory left",
               "unused"});
    std::vector<size_t> shown = policy::TellingOptions(nodes);
    if (all) {
      shown.resize(nodes.options.size());
      std::iota(shown.begin(), shown.end(), size_t{0});
    }
    for (const size_t i : shown) {
      const policy::ShapeOption& option = nodes.options[i];
      table.Add({i == nodes.best ? paint(Colour::kGreen, "→") : "",
                 HumanCores(option.shape.cpu.millis()), policy::PrintExactSize(option.shape.heap),
                 policy::PrintExactSize(option.shape.overhead), Grouped(option.per_node),
                 Grouped(option.executors), HumanCores(option.stranded_cpu.millis()),
                 Human(option.stranded_memory), Percent(option.waste)});
    }
    text += table.Print("  ");
    if (std::ranges::any_of(nodes.options, [&](const policy::ShapeOption& option) {
          return option.per_node >= nodes.room.pods;
        })) {
      text += "  (a node may hold " + Grouped(nodes.room.pods) +
              (nodes.room.pods == 1 ? " pod" : " pods") + ": no more executors fit on it)\n";
    }
    if (shown.size() < nodes.options.size()) {
      text += "  (" + Grouped(static_cast<int64_t>(nodes.options.size() - shown.size())) +
              " more fit as often with fewer cores: --all shows them)\n";
    }
    text +=
        "\n  settings to paste (→, within 1 % of the least unused: up to 5 cores, heap under 32 "
        "GiB):\n";
    const policy::ShapeOption& best = nodes.options[nodes.best];
    for (const auto& [key, value] : policy::SettingsOf(best)) {
      text += policy::Join({"  ", key, "=", value, "\n"});
    }
    if (best.proposed < best.executors) {
      text += "  (the policy allows no more of the " + Grouped(best.executors) +
              " that fit: " + best.because + ")\n";
    }
  }
  return text;
}

nlohmann::json RecommendationJson(const std::vector<policy::ClassRecommendation>& classes) {
  nlohmann::json all = nlohmann::json::array();
  for (const policy::ClassRecommendation& nodes : classes) {
    nlohmann::json options = nlohmann::json::array();
    for (const policy::ShapeOption& option : nodes.options) options.push_back(OptionJson(option));
    all.push_back(
        {{"name", nodes.name},
         {"nodes", nodes.nodes},
         {"leftOut", nodes.left_out},
         {"options", std::move(options)},
         {"best", nodes.options.empty() ? nlohmann::json() : nlohmann::json(nodes.best)}});
  }
  return all;
}

}  // namespace ballast::webhook
