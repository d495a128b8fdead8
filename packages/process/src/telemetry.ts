import { context, metrics, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator, setGlobalErrorHandler } from "@opentelemetry/core";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { ATTR_SERVICE_NAME } from "@opentelemetry/semantic-conventions";

export interface TelemetryOptions {
  readonly serviceName: string;
  /** Base address of an OTLP/HTTP receiver. Absent: nothing is recorded or sent, yet every span has a valid trace id. */
  readonly otlpEndpoint?: string | undefined;
  /** Share of the traces begun here that are recorded, 0 to 1. A trace begun elsewhere keeps its own decision. */
  readonly sampleRatio: number;
  /** Told once a minute at most that spans cannot be sent. */
  readonly onExportError?: (error: unknown) => void;
}

const exportTimeoutMs = 5_000;
const exportErrorEveryMs = 60_000;
const metricsEveryMs = 30_000;

function reportExportErrors(onExportError: (error: unknown) => void): void {
  let lastAtMs = -Infinity;
  setGlobalErrorHandler((error) => {
    if (performance.now() - lastAtMs < exportErrorEveryMs) return;
    lastAtMs = performance.now();
    onExportError(error);
  });
}

/**
 * Registers OpenTelemetry's tracer, meter, propagator (W3C trace context) and context for this process. Call once, before anything is traced.
 * `shutdown` sends what is waiting, for 5 s at most, and never rejects.
 */
export function startTelemetry(options: TelemetryOptions): { shutdown(): Promise<void> } {
  const { serviceName, otlpEndpoint, sampleRatio, onExportError } = options;
  reportExportErrors(onExportError ?? (() => undefined));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const provider =
    otlpEndpoint === undefined
      ? new TracerProvider({ sampler: new AlwaysOffSampler() })
      : new TracerProvider({
          resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: serviceName }),
          sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
          spanProcessors: [
            new BatchSpanProcessor({
              exporter: new OTLPTraceExporter({ url: `${otlpEndpoint}/v1/traces`, timeoutMillis: exportTimeoutMs }),
              exportTimeoutMillis: exportTimeoutMs,
              scheduledDelayMillis: 1_000,
              maxQueueSize: 8_192,
            }),
          ],
        });
  trace.setGlobalTracerProvider(provider);
  const meters = otlpEndpoint === undefined ? null : startMetrics(serviceName, otlpEndpoint);
  return {
    async shutdown() {
      const limit = new Promise<void>((resolve) => setTimeout(resolve, exportTimeoutMs).unref());
      const closing = [provider.shutdown(), meters?.shutdown() ?? Promise.resolve()];
      await Promise.race([Promise.allSettled(closing), limit]);
      trace.disable();
      metrics.disable();
      propagation.disable();
      context.disable();
    },
  };
}

function startMetrics(serviceName: string, otlpEndpoint: string): MeterProvider {
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: serviceName }),
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({ url: `${otlpEndpoint}/v1/metrics`, timeoutMillis: exportTimeoutMs }),
        exportIntervalMillis: metricsEveryMs,
        exportTimeoutMillis: exportTimeoutMs,
      }),
    ],
  });
  metrics.setGlobalMeterProvider(provider);
  return provider;
}
