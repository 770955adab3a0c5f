// Warnings that are no longer true of the job as it is admitted.
#pragma once

#include "policy/evaluate.h"
#include "policy/rule.h"

namespace ballast::policy {

// Takes out of a rewritten decision each warning about a setting that a later rule changed, unless
// its rule still gives it for the result: a heap that was too large when the rule looked at it, and
// that the split has lowered since, is nothing to act on.
void DropOutdatedWarnings(Decision& decision, const Context& context);

}  // namespace ballast::policy
