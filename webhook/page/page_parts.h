// The page's sections, each as HTML. Every text of others goes through html.h.
#pragma once

#include <string>

#include "webhook/page/page_facts.h"

namespace ballast::webhook {

std::string StatusPart(const PageFacts& facts);
std::string ClusterPart(const PageFacts& facts);
std::string DecisionsPart(const PageFacts& facts);
std::string RulesPart(const PageFacts& facts);
std::string PoliciesPart(const PageFacts& facts);
std::string ExplainPart(const PageFacts& facts);
std::string FooterPart(const PageFacts& facts);

}  // namespace ballast::webhook
