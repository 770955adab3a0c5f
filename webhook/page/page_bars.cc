// The page's first section: two bars of the cluster, and the same numbers as a table.

#include <algorithm>
#include <array>
#include <cstdio>

#include "webhook/page/html.h"
#include "webhook/page/page_parts.h"
#include "webhook/page/page_table.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

std::string Human(policy::ByteSize size) {
  return HumanMebibytes(static_cast<double>(size.bytes()) / (1 << 20));
}

double Share(int64_t part, int64_t whole) {
  return whole <= 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string Width(double share) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.2f%%", std::clamp(share, 0.0, 1.0) * 100);
  return text.data();
}

// One resource in texts and shares of its capacity.
struct Row {
  const char* id;
  const char* name;
  std::string capacity, asked, stranded, free;
  double asked_share;
  double stranded_share;
};

// The shares as widths of an SVG, since a style of its own would need a hole in the page's policy.
// What is stranded is hatched, so that no colour has to tell it apart.
std::string BarHtml(const Row& row) {
  const std::string id = row.id;
  const double stranded = std::min(row.stranded_share, std::max(0.0, 1 - row.asked_share));
  std::string text = row.asked + " of " + row.capacity + " asked for";
  if (row.stranded_share > 0) text += ", " + row.stranded + " stranded";
  return "<figure class=\"bar\">\n<figcaption id=\"" + id + "-bar\"><strong>" + row.name +
         "</strong> " + text + "</figcaption>\n<svg role=\"img\" aria-labelledby=\"" + id +
         "-bar\" width=\"100%\" height=\"28\">\n<defs><pattern id=\"" + id +
         "-hatch\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" "
         "patternTransform=\"rotate(45)\"><rect class=\"hatch-ground\" width=\"8\" height=\"8\"/>"
         "<rect class=\"hatch-line\" width=\"3\" height=\"8\"/></pattern></defs>\n"
         "<rect class=\"capacity\" width=\"100%\" height=\"28\"/>\n<rect class=\"asked\" width=\"" +
         Width(row.asked_share) + "\" height=\"28\"/>\n<rect x=\"" + Width(row.asked_share) +
         "\" width=\"" + Width(stranded) + "\" height=\"28\" fill=\"url(#" + id +
         "-hatch)\"/>\n</svg>\n</figure>\n";
}

std::array<Row, 2> RowsOf(const ClusterUse& use) {
  const auto& [capacity, asked, applications, stranded] = use;
  // To a tenth of a core.
  const auto cores = [](policy::MilliCpu cpu) {
    return HumanCores((cpu.millis() + 50) / 100 * 100);
  };
  const policy::ByteSize memory_left =
      std::max(policy::ByteSize(), capacity.memory - asked.memory - stranded.memory);
  const policy::MilliCpu cpu_left =
      std::max(policy::MilliCpu(), capacity.cpu - asked.cpu - stranded.cpu);
  return {
      Row{"memory", "Memory", Human(capacity.memory), Human(asked.memory), Human(stranded.memory),
          Human(memory_left), Share(asked.memory.bytes(), capacity.memory.bytes()),
          Share(stranded.memory.bytes(), capacity.memory.bytes())},
      Row{"cores", "Cores", cores(capacity.cpu), cores(asked.cpu), cores(stranded.cpu),
          cores(cpu_left), Share(asked.cpu.millis(), capacity.cpu.millis()),
          Share(stranded.cpu.millis(), capacity.cpu.millis())}};
}

}  // namespace

std::string ClusterPart(const PageFacts& facts) {
  const ClusterFacts& cluster = facts.cluster;
  if (!cluster.unknown.empty()) {
    return "<p>Nothing is known of the cluster: " + Escaped(cluster.unknown) + ".</p>\n";
  }
  const auto rows = RowsOf(cluster.use);
  std::string html = "<p>" + Grouped(cluster.nodes) + (cluster.nodes == 1 ? " node" : " nodes") +
                     " may run Spark. Asked for is what the " +
                     Grouped(static_cast<int64_t>(cluster.use.applications)) +
                     " applications below ask for that this replica admitted last. Stranded is "
                     "what nobody can use of the one, since so much of the other is asked for "
                     "with it.</p>\n";
  for (const Row& row : rows) html += BarHtml(row);
  PageTable table("The same in numbers", {"", "Capacity", "Asked for", "Stranded", "Left"}, 4);
  for (const Row& row : rows) {
    table.Add({row.name, row.capacity, row.asked + " (" + Percent(row.asked_share) + ")",
               row.stranded, row.free});
  }
  return html + table.Print();
}

}  // namespace ballast::webhook
