// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

/// Sends the library's log lines to the debug categories kvsarchive-http, kvsarchive-auth,
/// kvsarchive-client, kvsarchive-archive and kvsarchive-clip. Call once.
void gst_kvs_log_init();
