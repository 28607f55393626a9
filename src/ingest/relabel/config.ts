export {
  addedLabels,
  addedLabelsSchema,
  defaultLabelTable,
  defaultRelabelling,
  type LabelTable,
  type LabelTableDocument,
  labelTable,
  labelTableSchema,
  type Relabelling,
} from '../label-settings.ts'
