// What the page says of a manifest that was pasted into it: the decision that its submission would
// get now, and where the memory of its pods goes. Nothing is stored.
#pragma once

#include <cstdint>
#include <string>

#include "webhook/admission/admit.h"
#include "webhook/page/page_facts.h"

namespace ballast::webhook {

Explanation ExplainManifest(std::string manifest, const Snapshot& snapshot, int64_t now_seconds);

}  // namespace ballast::webhook
