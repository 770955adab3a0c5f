#include "webhook/page/page_parts.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "webhook/page/html.h"
#include "webhook/page/page_html.h"
#include "webhook/page/page_table.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

using policy::VerdictKind;

std::string TimeHtml(int64_t seconds, const std::string& text) {
  std::string machine = Moment(seconds);
  machine = machine.substr(0, 10) + "T" + machine.substr(11, 8) + "Z";
  return "<time datetime=\"" + machine + "\">" + text + "</time>";
}

std::string Verdict(std::string_view word, std::string_view look) {
  return "<span class=\"verdict " + std::string(look) + "\">" + Escaped(word) + "</span>";
}

std::string VerdictHtml(const RecentDecision& decision) {
  if (!decision.allowed) return Verdict("Rejected", "bad");
  switch (decision.verdict) {
    case VerdictKind::kRewritten:
      return Verdict(decision.recorded ? "Rewritten, as before" : "Rewritten", "changed");
    case VerdictKind::kExempt:
      return Verdict("Exempt", "good");
    case VerdictKind::kRejected:
      return Verdict("Rejected", "bad");
    case VerdictKind::kAdmitted:
      break;
  }
  return Verdict("Admitted", "good");
}

std::string ReasonsHtml(const std::vector<std::string>& reasons) {
  if (reasons.empty()) return "";
  std::string html = "<ul>";
  for (const std::string& reason : reasons) html += "<li>" + Foreign(reason) + "</li>";
  return html + "</ul>";
}

std::string SizesHtml(const std::string& before, const std::string& after) {
  if (before.empty()) return "";
  if (after.empty() || before == after) return "<p>" + Escaped(before) + "</p>";
  return "<p><del>" + Escaped(before) + "</del> became <ins>" + Escaped(after) + "</ins></p>";
}

std::string PolicyState(const PolicyFacts& policy) {
  std::string html = Verdict(policy.state, policy.good ? "good" : "bad");
  return html + ReasonsHtml(policy.wrong);
}

}  // namespace

std::string Span(int64_t seconds) {
  constexpr int64_t kMinute = 60;
  constexpr int64_t kHour = 3600;
  constexpr int64_t kDay = 86400;
  seconds = std::max<int64_t>(0, seconds);
  if (seconds >= 2 * kDay) return Grouped(seconds / kDay) + " days";
  if (seconds >= 2 * kHour) return std::to_string(seconds / kHour) + " h";
  if (seconds >= 2 * kMinute) return std::to_string(seconds / kMinute) + " min";
  return std::to_string(seconds) + " s";
}

std::string Moment(int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 40> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text.data();
}

std::string StatusPart(const PageFacts& facts) {
  const int64_t left = facts.certificate_ends - facts.now;
  constexpr int64_t kDay = 86400;
  const bool soon = left < kDay;
  std::string html = "<p>As of " + TimeHtml(facts.now, Moment(facts.now)) + ", replica " +
                     Foreign(facts.replica) + (facts.leads ? ", which leads" : "") + ".</p>\n<p" +
                     (soon ? " class=\"alarm\"" : "") + ">Its certificate ends in " +
                     TimeHtml(facts.certificate_ends, Span(left)) + ", on " +
                     Moment(facts.certificate_ends) + ".</p>\n";
  if (facts.cluster.stale_since != 0) {
    html += "<p class=\"alarm\">The API server was last heard " +
            Span(facts.now - facts.cluster.stale_since) +
            " ago: the cluster is shown as it was then.</p>\n";
  }
  return html;
}

std::string DecisionsPart(const PageFacts& facts) {
  if (facts.decisions.empty()) {
    return "<p>None yet. Whatever is submitted from now on is shown here.</p>\n";
  }
  PageTable table("The last " + Grouped(static_cast<int64_t>(facts.decisions.size())) +
                      " decisions of this replica, the newest first; at most " +
                      Grouped(static_cast<int64_t>(facts.most_decisions)) + " are kept",
                  {"What", "When", "Verdict", "Sizes and reasons"});
  for (const RecentDecision& decision : facts.decisions) {
    table.Add(
        {Foreign(decision.kind) + " " + Foreign(decision.namespace_name + "/" + decision.name),
         TimeHtml(decision.seconds, Span(facts.now - decision.seconds) + " ago") + "<br>" +
             Escaped(decision.operation) + (decision.dry_run ? ", dry run" : ""),
         VerdictHtml(decision),
         SizesHtml(decision.before, decision.after) + ReasonsHtml(decision.reasons)});
  }
  return table.Print();
}

std::string RulesPart(const PageFacts& facts) {
  if (facts.rules.empty()) return "<p>No rule has found anything yet.</p>\n";
  PageTable table("What rules did since " + Moment(facts.started),
                  {"Rule", "Does", "Rewrote", "Rejected", "Warned"}, 3);
  for (const RuleFacts& rule : facts.rules) {
    table.Add({"<code>" + Escaped(rule.id) + "</code>", Escaped(rule.summary),
               Grouped(rule.rewrote), Grouped(rule.rejected), Grouped(rule.warned)});
  }
  return table.Print();
}

std::string PoliciesPart(const PageFacts& facts) {
  std::string html;
  if (facts.policies.empty()) {
    html +=
        "<p>None: the built-in policy alone is in force. Facts are enforced, opinions warn.</p>\n";
  } else {
    PageTable table("The highest priority that sets a field decides it",
                    {"Policy", "Mode", "State", "Priority", "Admitted", "Rewritten", "Rejected"},
                    4);
    for (const PolicyFacts& policy : facts.policies) {
      table.Add({Foreign(policy.name), Escaped(policy.mode), PolicyState(policy),
                 Grouped(policy.priority), Grouped(policy.admitted), Grouped(policy.rewritten),
                 Grouped(policy.rejected)});
    }
    html += table.Print();
  }
  if (facts.exceptions.empty()) return html;
  PageTable table("Exceptions", {"Exception", "Lifts", "Ends in"});
  for (const ExceptionFacts& exception : facts.exceptions) {
    const int64_t left = exception.ends - facts.now;
    table.Add({Foreign(exception.namespace_name + "/" + exception.name), Foreign(exception.rules),
               left <= 0 ? "has ended" : TimeHtml(exception.ends, Span(left))});
  }
  return html + table.Print();
}

std::string ExplainPart(const PageFacts& facts) {
  if (!facts.explanation) return "<p>Nothing was asked yet.</p>\n";
  const Explanation& explanation = *facts.explanation;
  std::string html;
  for (const std::string& mistake : explanation.mistakes) {
    html += "<p class=\"alarm\">" + Foreign(mistake) + "</p>\n";
  }
  for (const ExplainedDocument& document : explanation.documents) {
    const std::string_view look = document.verdict == "Rejected"    ? "bad"
                                  : document.verdict == "Rewritten" ? "changed"
                                                                    : "good";
    html += "<article>\n<h4>" + Foreign(document.title) + " " + Verdict(document.verdict, look) +
            "</h4>\n" + SizesHtml(document.before, document.after) +
            ReasonsHtml(document.findings) +
            "<pre tabindex=\"0\" role=\"region\" aria-label=\"Where the memory goes\">" +
            Escaped(document.memory) + "</pre>\n</article>\n";
  }
  if (explanation.left_out > 0) {
    html += "<p>" + Grouped(static_cast<int64_t>(explanation.left_out)) +
            " more documents were left out.</p>\n";
  }
  return html;
}

std::string FooterPart(const PageFacts& facts) {
  return "<p>Ballast " + Escaped(facts.version) + ", since " +
         TimeHtml(facts.started, Moment(facts.started)) +
         ". Read-only, and for this machine alone.</p>\n";
}

}  // namespace ballast::webhook
