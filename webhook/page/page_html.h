// The page: one HTML document that needs nothing else. Pure; whatever stands in the facts, no part
// of it becomes markup.
#pragma once

#include <string>

#include "webhook/page/page_facts.h"

namespace ballast::webhook {

std::string RenderPage(const PageFacts& facts);

// The Content-Security-Policy that this page runs under: its own script and style by their digests,
// and nothing else.
const std::string& PageSecurityPolicy();

// "3 days", "5 h", "12 min", "40 s"; never negative.
std::string Span(int64_t seconds);
// "2026-11-21 10:15:30 UTC".
std::string Moment(int64_t seconds);

}  // namespace ballast::webhook
