#include "webhook/text/sizes_text.h"

#include "policy/print_value.h"

namespace ballast::webhook {

std::string SizesText(std::string_view application, std::span<const policy::SizedSetting> sizes,
                      const Paint& paint) {
  if (sizes.empty()) return "";
  Table table({Table::Align::kLeft, Table::Align::kRight, Table::Align::kRight,
               Table::Align::kRight, Table::Align::kRight, Table::Align::kLeft});
  table.Add({"", "asked", "95 % of runs", "most", "recommended", "confidence"});
  std::string reasons;
  for (const policy::SizedSetting& sized : sizes) {
    const policy::RightSize& size = sized.size;
    const bool same = size.proposed == size.asked;
    table.Add({std::string(sized.key), policy::PrintExactSize(size.asked),
               policy::DescribeSize(size.p95), policy::DescribeSize(size.most),
               same ? paint(Colour::kFaint, "the same")
                    : paint(Colour::kBold, policy::PrintExactSize(size.proposed)),
               std::string(policy::Name(size.confidence)) + ", " + Grouped(size.runs) +
                   (size.runs == 1 ? " run" : " runs")});
    if (!same) {
      reasons += "  " + Wrapped(std::string(sized.key) + ": " + size.why, "  ") + "\n";
    }
  }
  return paint(Colour::kBold, "Sizes for " + std::string(application)) + "\n" + table.Print("  ") +
         reasons;
}

nlohmann::json SizesJson(std::span<const policy::SizedSetting> sizes) {
  nlohmann::json list = nlohmann::json::array();
  for (const policy::SizedSetting& sized : sizes) {
    const policy::RightSize& size = sized.size;
    list.push_back({{"key", sized.key},
                    {"runs", size.runs},
                    {"p95MiB", size.p95.mebibytes_ceil()},
                    {"mostMiB", size.most.mebibytes_ceil()},
                    {"largestRun", size.largest_run},
                    {"askedMiB", size.asked.mebibytes()},
                    {"proposedMiB", size.proposed.mebibytes()},
                    {"confidence", policy::Name(size.confidence)},
                    {"why", size.why}});
  }
  return list;
}

}  // namespace ballast::webhook
