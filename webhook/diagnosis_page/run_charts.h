// The charts of one run: memory of executors against its limit, where the time of tasks went, and
// the stages over time.
#pragma once

#include <string>

#include "policy/symptoms/application_run.h"
#include "webhook/charts/memory_chart.h"
#include "webhook/charts/parts_chart.h"
#include "webhook/charts/timeline_chart.h"

namespace ballast::webhook {

// The heap that each executor (in local mode the driver) used, garbage included.
MemoryChart HeapChart(const policy::ApplicationRun& run);
// What all processes of each pod held; without lines where nothing reported it.
MemoryChart PodChart(const policy::ApplicationRun& run);
// All tasks together, and the ten stages whose tasks took longest.
PartsChart TaskTimeChart(const policy::ApplicationRun& run);
TimelineChart StageChart(const policy::ApplicationRun& run);

// All of them as HTML; a sentence where the logs hold nothing to draw.
std::string ChartsHtml(const policy::ApplicationRun& run);

}  // namespace ballast::webhook
