#include "webhook/page/recent_decisions.h"

#include <algorithm>
#include <utility>

#include "webhook/admission/answer_texts.h"

namespace ballast::webhook {
namespace {

using policy::Action;
using policy::Finding;

constexpr size_t kLongestName = 253;  // of an object, in Kubernetes
constexpr size_t kLongestReason = 400;
constexpr size_t kMostReasons = 6;

// Cut between characters of UTF-8.
std::string Cut(std::string_view text, size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return std::string(text.substr(0, most)) + "\xE2\x80\xA6";
}

std::vector<std::string> ReasonsOf(const AdmissionAnswer& answer) {
  std::vector<const Finding*> order;
  for (const Finding& finding : answer.decision.findings) order.push_back(&finding);
  std::stable_sort(order.begin(), order.end(),
                   [](const Finding* a, const Finding* b) { return a->action > b->action; });
  std::vector<std::string> reasons;
  for (const Finding* finding : order) {
    if (reasons.size() == kMostReasons) break;
    reasons.push_back(Cut(std::string(finding->rule) + ": " + finding->message, kLongestReason));
  }
  if (reasons.empty() && !answer.allowed) reasons.push_back(Cut(answer.message, kLongestReason));
  return reasons;
}

}  // namespace

RecentDecision MakeRecentDecision(const AdmissionRequest& request, const AdmissionAnswer& answer,
                                  int64_t now_seconds) {
  RecentDecision recent;
  recent.seconds = now_seconds;
  recent.operation = Cut(request.operation, kLongestName);
  recent.kind = Cut(request.kind, kLongestName);
  recent.namespace_name = Cut(request.namespace_name, kLongestName);
  recent.name = Cut(request.name, kLongestName);
  recent.verdict = answer.decision.verdict;
  recent.allowed = answer.allowed;
  recent.dry_run = request.dry_run;
  recent.recorded = answer.recorded;
  if (answer.decision.before.sizes.ok()) {
    recent.before = SizesInBrief(answer.decision.before);
    recent.after = answer.allowed ? SizesInBrief(answer.decision.after) : "";
  }
  recent.reasons = ReasonsOf(answer);
  if (answer.allowed) recent.asks = policy::TotalsOf(answer.decision.after);
  return recent;
}

void RecentDecisions::Add(RecentDecision decision) {
  const std::scoped_lock lock(mutex_);
  decisions_.push_back(std::move(decision));
  if (decisions_.size() > most_) decisions_.pop_front();
}

std::vector<RecentDecision> RecentDecisions::All() const {
  const std::scoped_lock lock(mutex_);
  return {decisions_.rbegin(), decisions_.rend()};
}

}  // namespace ballast::webhook
