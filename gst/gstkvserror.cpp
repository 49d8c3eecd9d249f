// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvserror.h"

#include <string>

#include "base/iso8601.h"
#include "base/text.h"
#include "gstkvstime.h"

using kvsarchive::Error;
using kvsarchive::ErrorKind;

namespace {

struct Mapping {
  GQuark domain;
  gint code;
  const char* advice;
};

/// Why no usable answer came, by how far it got.
const char* open_read_advice(int httpStatus) {
  if (httpStatus >= 500) {
    return "The service failed: try again later.";
  }
  if (httpStatus >= 300 && httpStatus < 400) {
    return "Check aws-region, endpoint-url and proxies: the service itself never redirects.";
  }
  return "Check network, aws-region, endpoint-url and CA certificates.";
}

Mapping mapping_of(const Error& error) {
  if (isRefusedByProxy(error)) {
    return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
            "Check proxy, proxy-id and proxy-pw."};
  }
  switch (error.kind) {
    case ErrorKind::kSettings:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
              "Correct the element's properties or the environment."};
    case ErrorKind::kAbsent:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
              "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or one of the "
              "element's properties for credentials."};
    case ErrorKind::kNotAuthorized:
      return {
          GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
          "Check the AWS credentials, that they have not expired, and that their policy allows "
          "on this stream kinesisvideo:GetDataEndpoint and, of kvsarchivesrc, ListFragments and "
          "GetMediaForFragmentList, of kvsclipsrc ListFragments and GetClip, of kvssessionsrc "
          "GetHLSStreamingSessionURL and GetDASHStreamingSessionURL."};
    case ErrorKind::kSourceFailed:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ,
              "It is the source of the AWS credentials that failed, not the stream: check it, and "
              "the network to it."};
    case ErrorKind::kSession:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
              "Start again for a new session; if that does not help, look for what is between here "
              "and the service, such as a proxy that changes URLs."};
    case ErrorKind::kNotFound:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
              "Check stream, aws-region, start-timestamp, end-timestamp and "
              "fragment-selector-type, and how long the stream retains its data."};
    case ErrorKind::kBusy:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY,
              "The service limits the rate of requests: try again later, or read this stream with "
              "fewer clients at a time."};
    case ErrorKind::kRead:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ,
              "Check the network, or raise timeout, and start again."};
    case ErrorKind::kDecode:
      return {GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
              "If the stream plays elsewhere, report this with a log of GST_DEBUG=kvsarchive*:6."};
    case ErrorKind::kTrackChange:
      return {GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
              "Set on-track-change to drop-tracks or drop-fragments, or read the range in parts."};
    case ErrorKind::kIncomplete:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ,
              "Start again, or use kvsarchivesrc, which reads fragment by fragment."};
    case ErrorKind::kMedia:
      return {GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
              "Choose another range, or correct what the producer sends."};
    case ErrorKind::kStorage:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
              "Make room there, set TMPDIR to another folder, or raise spool-memory."};
    case ErrorKind::kOpenRead:
    case ErrorKind::kCancelled:
      break;
  }
  return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ, open_read_advice(error.httpStatus)};
}

std::string debug_text(const Error& error) {
  std::string text = error.operation.empty() ? "Before any request" : error.operation;
  if (!error.stream.empty()) {
    text += ", stream " + error.stream;
  }
  if (error.httpStatus != 0) {
    text += ", HTTP status " + std::to_string(error.httpStatus);
  }
  if (!error.awsCode.empty()) {
    text += ", AWS code " + error.awsCode;
  }
  if (!error.requestId.empty()) {
    text += ", request id " + error.requestId;
  }
  if (error.lastFragmentTime) {
    text += "; delivered up to fragment " + error.lastFragment + " of " +
            kvsarchive::formatIso8601(*error.lastFragmentTime);
  }
  return text;
}

GstStructure* details_new(const Error& error) {
  GstStructure* details = gst_structure_new_empty("details");
  if (error.httpStatus != 0) {
    gst_structure_set(details, "http-status-code", G_TYPE_UINT, error.httpStatus, nullptr);
  }
  const struct {
    const char* name;
    const std::string& value;
  } texts[] = {{"aws-error-code", error.awsCode},
               {"aws-request-id", error.requestId},
               {"last-fragment-number", error.lastFragment},
               {"operation", error.operation},
               {"stream", error.stream}};
  for (const auto& text : texts) {
    if (!text.value.empty()) {
      gst_structure_set(details, text.name, G_TYPE_STRING, text.value.c_str(), nullptr);
    }
  }
  if (error.lastFragmentTime) {
    gst_structure_set(details, "last-fragment-timestamp", G_TYPE_UINT64,
                      gst_kvs_nanoseconds(*error.lastFragmentTime), nullptr);
  }
  return details;
}

}  // namespace

void gst_kvs_error_post(GstElement* element, const Error& error) {
  const Mapping mapping = mapping_of(error);
  // With one full stop, whether the service wrote one or not.
  const std::string text = kvsarchive::withoutFullStop(error.message) + ". " + mapping.advice;
  gst_element_message_full_with_details(element, GST_MESSAGE_ERROR, mapping.domain, mapping.code,
                                        g_strdup(text.c_str()), g_strdup(debug_text(error).c_str()),
                                        __FILE__, GST_FUNCTION, __LINE__, details_new(error));
}
