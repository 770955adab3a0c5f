// What runs of an application used, and what to ask for: for people and for scripts.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "policy/run_sizes.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {

// A table under a headline; empty where there is no size.
std::string SizesText(std::string_view application, std::span<const policy::SizedSetting> sizes,
                      const Paint& paint);

// [{"key","runs","p95MiB","mostMiB","largestRun","askedMiB","proposedMiB","confidence","why"}]
nlohmann::json SizesJson(std::span<const policy::SizedSetting> sizes);

}  // namespace ballast::webhook
