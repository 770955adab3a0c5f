#include "webhook/recommend/wishes.h"

#include <algorithm>
#include <string>

#include "policy/print_value.h"

namespace ballast::webhook {
namespace {

bool IsWished(const std::vector<SettingWish>& wishes, std::string_view key) {
  return std::any_of(wishes.begin(), wishes.end(),
                     [&](const SettingWish& wish) { return wish.key == key; });
}

// Sizes of one run are what its own findings say already.
bool SpeakForMany(std::span<const policy::SizedSetting> sizes) {
  return std::any_of(sizes.begin(), sizes.end(),
                     [](const policy::SizedSetting& sized) { return sized.size.runs > 1; });
}

}  // namespace

std::vector<SettingWish> WishesOf(std::span<const policy::SymptomFinding> findings,
                                  std::span<const policy::SizedSetting> sizes) {
  constexpr std::string_view kUnused = "unused-memory";
  const bool many = SpeakForMany(sizes);
  std::vector<SettingWish> wishes;
  for (const policy::SymptomFinding& finding : findings) {
    if (many && finding.symptom == kUnused) continue;
    for (const policy::ProposedSetting& setting : finding.settings) {
      if (IsWished(wishes, setting.key)) continue;
      wishes.push_back(
          {setting.key, setting.to, finding.summary + ": " + setting.why, setting.from});
    }
  }
  for (const policy::SizedSetting& sized : sizes) {
    const policy::RightSize& size = sized.size;
    if (!many || size.proposed == size.asked || IsWished(wishes, sized.key)) continue;
    wishes.push_back({std::string(sized.key), policy::PrintExactSize(size.proposed),
                      size.why + " (confidence " + std::string(policy::Name(size.confidence)) + ")",
                      policy::PrintExactSize(size.asked)});
  }
  return wishes;
}

}  // namespace ballast::webhook
