// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "kvs/fragment.h"
#include "kvs/session_request.h"
#include "kvs/stream_id.h"

namespace kvsarchive::kvs {

// Bodies of the requests. Arguments as in ArchivedMediaClient.

std::string getDataEndpointBody(const StreamId& stream, const std::string& apiName);

std::string listFragmentsBody(const StreamId& stream, const FragmentSelector& selector,
                              int maxResults, const std::string& nextToken);

std::string getMediaForFragmentListBody(const StreamId& stream,
                                        const std::vector<std::string>& fragmentNumbers);

std::string getClipBody(const StreamId& stream, const FragmentSelector& selector);

/// For either protocol: what the other one alone knows is left out.
std::string sessionUrlBody(const StreamId& stream, const SessionRequest& request);

}  // namespace kvsarchive::kvs
